import "./bar-form.js";
import "./bar-preview.js";
import "./diet-filter.js";
import "./module-browser.js";
