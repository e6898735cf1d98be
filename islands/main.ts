import htmx from "htmx.org";

htmx.config.allowEval = false;
