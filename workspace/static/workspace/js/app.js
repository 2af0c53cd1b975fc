// One entry for every page. Modules only add to what works without them.
import "./csrf.js";
import "./shell.js";
import "./composer.js";
import "./forms.js";
import "./toast.js";
import "./dialog.js";
import "./rows.js";
import "./list.js";
import "./peek.js";
import "./cells.js";
import "./walk.js";
import "./live.js";
import "./keys.js";
import "./palette.js";
import "./order.js";
