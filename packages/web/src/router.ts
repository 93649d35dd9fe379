import type { RouteRecordRaw } from 'vue-router';

/** Pages are chunks of their own: who lands on the start page does not load the call. */
export const routes: RouteRecordRaw[] = [
  { path: '/', name: 'landing', component: () => import('./pages/LandingPage.vue') },
  { path: '/m/:slug', name: 'meeting', component: () => import('./pages/MeetingPage.vue'), props: true },
  { path: '/:rest(.*)*', name: 'notFound', component: () => import('./pages/NotFoundPage.vue') },
];
