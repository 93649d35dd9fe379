import { ParleyError } from '@parley/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PathKeeper } from './path.ts';

type State = 'new' | 'connecting' | 'connected' | 'disconnected' | 'failed';

function setUp() {
  let listener: (state: State) => void = () => undefined;
  const transport = {
    connectionState: 'connected' as State,
    closed: false,
    on: (_event: string, listen: (state: State) => void) => void (listener = listen),
  };
  const actions = {
    restart: vi.fn(() => Promise.resolve()),
    replace: vi.fn(() => Promise.resolve()),
    lost: vi.fn(),
    trouble: vi.fn(),
  };
  const keeper = new PathKeeper(transport as never, actions);
  const become = (state: State): void => {
    transport.connectionState = state;
    listener(state);
  };
  return { transport, actions, keeper, become };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('PathKeeper', () => {
  it('gives a short interruption time to heal', async () => {
    const { actions, become } = setUp();
    become('disconnected');
    await vi.advanceTimersByTimeAsync(1_000);
    become('connected');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(actions.restart).not.toHaveBeenCalled();
  });

  it('restarts ICE once, whatever is reported meanwhile', async () => {
    const { actions, become } = setUp();
    become('failed');
    become('disconnected');
    become('failed');
    await vi.advanceTimersByTimeAsync(3_000);
    become('failed');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(actions.restart).toHaveBeenCalledOnce();
    become('connected');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(actions.replace).not.toHaveBeenCalled();
    become('failed');
    await vi.advanceTimersByTimeAsync(0);
    expect(actions.restart).toHaveBeenCalledTimes(2);
  });

  it('replaces a transport that does not come back, and then gives the session up', async () => {
    const { actions, become } = setUp();
    become('failed');
    await vi.advanceTimersByTimeAsync(8_000);
    expect(actions.replace).toHaveBeenCalledOnce();

    const other = setUp();
    other.actions.restart.mockRejectedValue(new Error('no'));
    other.actions.replace.mockRejectedValue(new Error('no'));
    other.become('failed');
    await vi.advanceTimersByTimeAsync(0);
    expect(other.actions.lost).toHaveBeenCalledOnce();
  });

  it('gives the session up at once when the server does not answer at all', async () => {
    const { actions, become } = setUp();
    actions.restart.mockRejectedValue(new ParleyError('TIMEOUT'));
    become('failed');
    await vi.advanceTimersByTimeAsync(0);
    expect(actions.lost).toHaveBeenCalledOnce();
    expect(actions.replace).not.toHaveBeenCalled();
  });

  it('restarts a path that still looks well when it is told to', async () => {
    const { actions, keeper } = setUp();
    await keeper.restartNow();
    expect(actions.restart).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(actions.replace).not.toHaveBeenCalled();
    await keeper.restartNow();
    expect(actions.restart).toHaveBeenCalledTimes(2);
  });

  it('does nothing once it is closed', async () => {
    const { actions, keeper, become } = setUp();
    become('failed');
    keeper.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(actions.restart).not.toHaveBeenCalled();
  });
});
