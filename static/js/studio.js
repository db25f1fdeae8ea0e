import "./bar-canvas.js";
import "./bar-form.js";
import "./bar-preview.js";
import "./module-browser.js";
import "./photo-field.js";
import "./wrapped-picture.js";
