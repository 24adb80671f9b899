// Entry of every page: the theme, Tabler's own widgets, htmx and our small behaviours.
import '@tabler/core/dist/css/tabler.min.css';
import './styles/theme.css';
import './styles/page.css';
import './styles/viewer.css';
import './styles/states.css';
import './styles/print.css';
import '@tabler/core/dist/js/tabler.esm.min.js';
import { startConfirm, startDialogs } from './page/dialogs.js';
import { startEvidence } from './page/evidence.js';
import { startContinue, startFilters, startOnce } from './page/forms.js';
import { watchIslands } from './page/islands.js';
import { startLists } from './page/lists.js';
import { startRequests } from './page/requests.js';
import { startShortcuts } from './page/shortcuts.js';

startConfirm();
startDialogs();
startFilters();
startOnce();
startRequests();
startContinue();
startShortcuts();
startLists();
startEvidence();
watchIslands();
