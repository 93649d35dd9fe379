/**
 * The gallery shows every state of the product without server, camera or network, for screenshots and for the tests of
 * words and contrast. Everything is set in the hash of the address:
 *
 *   state   landing | recent | notFound
 *           prejoin | starting | problem | connecting
 *           call | alone | speaker | pinned | screen | sharing
 *           chat | chatEmpty | people | network | settings | shortcuts | more | micMenu
 *           unread | off | pending | quiet (after three seconds)
 *           reconnecting | sound | toasts | talking | disabled
 *           left | error                                          (default: call)
 *   n       people in the call, you included (default: 5)
 *   theme   light | dark (default: light)
 *   lang    en | zh-CN (default: en)
 *   key     of `error.<key>` for state=error; of `problem.<key>` for state=problem; of the step for state=connecting
 *   device  microphone | camera, for state=problem (default: camera)
 *   quality good | fair | poor, the own one (default: good)
 *
 * `<html data-gallery="ready">` says that all pictures have been painted.
 */
import { createPinia, setActivePinia } from 'pinia';
import { createApp } from 'vue';
import { createMemoryHistory, createRouter } from 'vue-router';
import icons from '@nuxt/ui/runtime/vue/plugins/icons.js';
import App from '../App.vue';
import { provideCall } from '../composables/call-actions.ts';
import { providePreview } from '../composables/preview-source.ts';
import { useLanguage } from '../composables/use-language.ts';
import { useTheme } from '../composables/use-theme.ts';
import { i18n } from '../i18n/index.ts';
import { routes } from '../router.ts';
import { usePreferencesStore } from '../stores/preferences.ts';
import '../styles/main.css';
import { fakeCall } from './fake-call.ts';
import { fakePreview } from './fake-preview.ts';
import { NOW } from './people.ts';
import { readWish } from './wish.ts';
import { setScene } from './scene.ts';

// The clock stands still, so that pictures can be compared.
Date.now = () => NOW;

const wish = readWish(location.hash);
addEventListener('hashchange', () => location.reload());

const pinia = createPinia();
setActivePinia(pinia);
const preferences = usePreferencesStore();
preferences.theme = wish.theme;
preferences.language = wish.lang;
preferences.name = wish.lang === 'zh-CN' ? '小晓' : 'Robin';
preferences.hideSelf = false;

provideCall(fakeCall());
providePreview(() => fakePreview(wish));

const router = createRouter({ history: createMemoryHistory(), routes });
const app = createApp(App).use(pinia).use(i18n).use(icons).use(router);
app.runWithContext(() => {
  useTheme();
  useLanguage();
});

const path = setScene(wish);
await router.push(path);
app.mount('#app');
await wish.after?.();

// Nobody moves the mouse here, and the bar should be seen all the same.
if (wish.state !== 'quiet') setInterval(() => dispatchEvent(new MouseEvent('mousemove')), 1_000);

const painted = () =>
  [...document.querySelectorAll('video')].every((video) => video.srcObject === null || video.videoWidth > 0);
await document.fonts.ready;
const deadline = performance.now() + 8_000;
while (!painted() && performance.now() < deadline)
  await new Promise((resolve) => requestAnimationFrame(resolve));
document.documentElement.dataset.gallery = 'ready';
