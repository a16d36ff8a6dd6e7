import { mount } from 'svelte';
import App from './frame/App.svelte';
import { feed } from './live/feed.svelte';
import { names } from './live/operation.svelte';
import { session } from './live/session.svelte';
import { router } from './router.svelte';
import { outbox } from './sign/outbox.svelte';
import { theme } from './style/theme.svelte';
import './style/fonts.css';
import './style/tokens.css';
import './style/base.css';
import './style/controls.css';
import './style/tables.css';
import './style/words.css';
import { language } from './text/language.svelte';

language.start();
theme.start();
router.start();
void session.start(() => {
  feed.start();
  void names.load();
});

void outbox.look();

mount(App, { target: document.getElementById('app')! });

// The room's own files are kept, so that it opens without a line (src/shell.js).
if (import.meta.env.PROD) void navigator.serviceWorker?.register('/shell.js').catch(() => undefined);
