import { request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';

// Health check of the container: exit code 0 when the server inside answers. It may serve HTTP or HTTPS; its certificate
// is nobody's business here.
const port = process.env.PARLEY_PORT || '3000';

const ask = (request, protocol) =>
  new Promise((answer) => {
    const url = `${protocol}://localhost:${port}/health/live`;
    request(url, { rejectUnauthorized: false, timeout: 3000 }, (response) => {
      response.resume();
      answer(response.statusCode === 200);
    })
      .once('timeout', function giveUp() {
        this.destroy();
      })
      .once('error', () => answer(false))
      .end();
  });

process.exit((await ask(overHttp, 'http')) || (await ask(overHttps, 'https')) ? 0 : 1);
