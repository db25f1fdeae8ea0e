// A form that is one of several steps goes on by itself; without scripts its button does.
const nextStep = document.querySelector("form[data-goes-on]");

if (nextStep instanceof HTMLFormElement) nextStep.requestSubmit();
