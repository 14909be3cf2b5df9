
"use strict";
// Only filters and folds what is there: without it everything is shown.
(() => {
  const element = (id) => document.getElementById(id);
  const places = [...document.querySelectorAll(".place")];
  const filters = element("filters");
  const folding = [...document.querySelectorAll(".advice details")];

  // What is folded is unfolded on paper, and folded again afterwards.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    folded.forEach((details) => { details.open = true; });
  });
  addEventListener("afterprint", () => folded.forEach((details) => { details.open = false; }));

  // A link to something folded unfolds it.
  const unfoldTarget = () => {
    const target = location.hash.length > 1 && element(location.hash.slice(1));
    if (target instanceof HTMLDetailsElement) target.open = true;
  };
  addEventListener("hashchange", unfoldTarget);
  unfoldTarget();

  if (!filters) return;
  const text = element("filter-text");
  const account = element("filter-account");
  const rule = element("filter-rule");
  const clear = element("clear");
  const fold = element("fold");
  const shown = element("shown");
  const boxes = [...filters.querySelectorAll("input[type=checkbox]")];
  const problems = [...document.querySelectorAll(".problem")];

  // Accents and capitals do not matter to whoever searches.
  const plain = (words) => words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const texts = new Map();
  const textOf = (place) => {
    if (!texts.has(place)) {
      const heading = place.closest(".problem").querySelector("h3").textContent;
      texts.set(place, plain([heading, place.dataset.rule, place.textContent].join(" ")));
    }
    return texts.get(place);
  };
  const chosen = (name) => new Set(boxes.filter((box) => box.name === name && box.checked).map((box) => box.value));

  const apply = () => {
    const severities = chosen("severity");
    const clients = chosen("client");
    const words = plain(text.value).split(/\s+/).filter(Boolean);
    let count = 0;
    for (const place of places) {
      const { severity, client, account: jid, rule: id } = place.dataset;
      const fits = severities.has(severity) && clients.has(client)
        && (!account.value || jid === account.value) && (!rule.value || id === rule.value)
        && words.every((word) => textOf(place).includes(word));
      place.hidden = !fits;
      count += fits;
    }
    for (const problem of problems) problem.hidden = !problem.querySelector(".place:not([hidden])");
    const sentence = count ? shown.dataset.shown : shown.dataset.none;
    shown.textContent = sentence.replace("{shown}", count).replace("{total}", places.length);
    clear.disabled = !(words.length || account.value || rule.value || boxes.some((box) => !box.checked));
  };

  const reset = () => {
    text.value = account.value = rule.value = "";
    for (const box of boxes) box.checked = true;
  };

  let waiting;
  text.addEventListener("input", () => {
    // One announcement when the typing stops, not one a letter.
    clearTimeout(waiting);
    waiting = setTimeout(apply, 150);
  });
  for (const control of [account, rule, ...boxes]) control.addEventListener("change", apply);
  clear.addEventListener("click", () => {
    reset();
    apply();
    text.focus();
  });

  const name = () => {
    fold.textContent = folding.some((details) => details.open) ? fold.dataset.fold : fold.dataset.unfold;
  };
  fold.addEventListener("click", () => {
    const open = !folding.some((details) => details.open);
    for (const details of folding) details.open = open;
    name();
  });
  for (const details of folding) details.addEventListener("toggle", name);

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (!link) return;
    const { severity, account: jid } = link.dataset;
    const target = element(link.hash.slice(1));
    if (severity || jid) {
      reset();
      for (const box of boxes) if (severity && box.name === "severity") box.checked = box.value === severity;
      if (jid) account.value = jid;
      apply();
    } else if (target && target.hidden) {
      reset();
      apply();
    }
  });

  // On a narrow screen the findings come first.
  if (matchMedia("(max-width: 60rem)").matches) filters.querySelector("details").open = false;
  filters.hidden = false;
  apply();
})();
