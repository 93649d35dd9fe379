import type { Messages } from './en.ts';
import { call } from './zh-CN/call.ts';
import { error, problem } from './zh-CN/errors.ts';
import { pages } from './zh-CN/pages.ts';

export const zhCN: Messages = { ...pages, ...call, error, problem };
