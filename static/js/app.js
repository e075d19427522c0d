// What makes pages nicer when there is JavaScript. Everything here has a way without it.
// Hooks are data attributes; docs/components.md lists them.
"use strict";

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const closest = (event, selector) => (event.target instanceof Element ? event.target.closest(selector) : null);

// --- Focus ------------------------------------------------------------------------------------------
function focusErrors(root) {
  root.querySelector("[data-error-summary]")?.focus();
}

// --- Menus and dialogs ------------------------------------------------------------------------------
function closeMenus(except) {
  for (const menu of all("details.menu[open]")) {
    if (!except || !menu.contains(except)) menu.open = false;
  }
}

document.addEventListener("click", (event) => {
  closeMenus(event.target);
  const opener = closest(event, "[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog instanceof HTMLDialogElement) {
    event.preventDefault();
    dialog.showModal();
  }
  if (event.target instanceof HTMLDialogElement) event.target.close();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.menu[open]");
  closeMenus();
  open?.querySelector("summary")?.focus();
});

// --- Copy -------------------------------------------------------------------------------------------
document.addEventListener("click", async (event) => {
  const button = closest(event, "[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const words = button.querySelector("span");
  const before = words.textContent;
  words.textContent = button.dataset.copied;
  setTimeout(() => (words.textContent = before), 2000);
});

// --- One submit per click ---------------------------------------------------------------------------
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("data-many")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-busy", "true");
});

function allowSubmitAgain() {
  for (const form of all("form[data-sent]")) delete form.dataset.sent;
  for (const button of all("[aria-busy]")) button.removeAttribute("aria-busy");
}
// A page that the browser kept whole (back button) must be usable again.
window.addEventListener("pageshow", allowSubmitAgain);
document.addEventListener("htmx:afterRequest", allowSubmitAgain);

// --- Choosing rows ----------------------------------------------------------------------------------
function showSelection(form) {
  const boxes = all("[data-select]", form);
  const chosen = boxes.filter((box) => box.checked).length;
  for (const place of all("[data-bulk-count]", form)) place.textContent = chosen;
  for (const master of all("[data-select-all]", form)) {
    master.checked = chosen > 0 && chosen === boxes.length;
    master.indeterminate = chosen > 0 && chosen < boxes.length;
  }
}

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!form) return;
  if (event.target.matches("[data-select-all]")) {
    for (const box of all("[data-select]", form)) box.checked = event.target.checked;
  }
  if (event.target.matches("[data-select], [data-select-all]")) showSelection(form);
});

// --- Keyboard: j/k next, o open, x choose, numbers answer, Ctrl+Enter decides ------------------------
const typing = (element) =>
  element.isContentEditable || element.matches("textarea, select, input:not([type=radio], [type=checkbox])");

function moveRow(step) {
  const rows = all("[data-list] [data-row]");
  if (!rows.length) return;
  const now = rows.findIndex((row) => row.getAttribute("aria-current") === "true");
  const next = rows[Math.min(Math.max(now + step, 0), rows.length - 1)];
  rows[now]?.removeAttribute("aria-current");
  next.setAttribute("aria-current", "true");
  next.scrollIntoView({ block: "nearest" });
  next.querySelector("[data-open]")?.focus({ preventScroll: true });
}

function currentRow(selector) {
  return document.querySelector(`[data-row][aria-current="true"] ${selector}`);
}

// A form may have several questions: keys count on through all of them, as choose() does.
function numberChoices() {
  for (const [place, key] of all("[data-decide] .cards-choice kbd[data-key]").entries()) {
    key.textContent = place + 1;
    key.hidden = place > 8;
  }
}

function choose(number) {
  const radios = all("[data-decide] .cards-choice input[type=radio]");
  const radio = radios[number - 1];
  if (!radio) return;
  radio.click();
  radio.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = closest(event, "form") ?? document.querySelector("form[data-decide]");
    if (form?.matches("[data-decide]")) form.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "j") moveRow(1);
  else if (event.key === "k") moveRow(-1);
  else if (event.key === "o") currentRow("[data-open]")?.click();
  else if (event.key === "x") currentRow("[data-select]")?.click();
  else if (/^[1-9]$/.test(event.key)) choose(Number(event.key));
});

// --- Drafts: saved by the server, or kept in this tab when the session was lost ----------------------
const draftKey = (form) => `draft:${document.body.dataset.user ?? ""}:${form.dataset.keep}`;
const keepable = (field) => field.name && !/^(password|file|hidden)$/.test(field.type) && field.type !== "submit";

function keepDraft(form) {
  const values = {};
  for (const field of form.elements) {
    if (!keepable(field)) continue;
    const ticked = field.type === "radio" || field.type === "checkbox";
    (values[field.name] ??= []).push(...(ticked && !field.checked ? [] : [field.value]));
  }
  sessionStorage.setItem(draftKey(form), JSON.stringify(values));
}

function restoreDraft(form) {
  const kept = sessionStorage.getItem(draftKey(form));
  if (!kept) return;
  const values = JSON.parse(kept);
  for (const field of form.elements) {
    if (!keepable(field) || !(field.name in values)) continue;
    if (field.type === "radio" || field.type === "checkbox") field.checked = values[field.name].includes(field.value);
    else if (field.value === field.defaultValue || !field.value) field.value = values[field.name][0] ?? "";
  }
}

// A kept form that is sent is announced by a cookie, which the server takes away when the form has arrived; only then
// is the draft forgotten. A lost line, a refusal and a lost session leave both.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.matches("[data-ends-session]")) forgetDrafts(() => true);
  sessionStorage.removeItem("sent");
  if (!form.matches("[data-keep]")) return;
  keepDraft(form);
  sessionStorage.setItem("sent", draftKey(form));
  document.cookie = "sent=1; path=/; samesite=lax";
});

function forgetDrafts(wanted) {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith("draft:") && wanted(key)) sessionStorage.removeItem(key);
}

function forgetSent() {
  const sent = sessionStorage.getItem("sent");
  if (!sent || /(^|; )sent=/.test(document.cookie)) return;
  sessionStorage.removeItem(sent);
  sessionStorage.removeItem("sent");
}

let saving;
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form) return;
  if (form.matches("[data-keep]")) keepDraft(form);
  if (form.matches("[data-autosave]")) {
    clearTimeout(saving);
    saving = setTimeout(() => autosave(form), 1500);
  }
});

async function autosave(form) {
  const place = form.querySelector("[data-autosave-state]");
  const response = await fetch(form.dataset.autosave, { method: "POST", body: new FormData(form) }).catch(() => null);
  if (place) place.textContent = response?.ok ? place.dataset.saved : place.dataset.failed;
}

// A form that htmx saves says so by a header; without it the session or the connection was lost.
document.addEventListener("htmx:afterRequest", (event) => {
  const place = event.detail.elt.querySelector?.("[data-autosave-state]");
  if (place && event.detail.xhr.getResponseHeader("X-Saved") === null) place.textContent = place.dataset.failed;
});

// --- Start, and again for what htmx brings -----------------------------------------------------------
function forget(root) {
  // The answer to a save by htmx says that the form arrived.
  for (const sent of all("[data-forget]", root)) forgetDrafts((key) => key.endsWith(`:${sent.dataset.forget}`));
}

function enhance(root) {
  forget(root);
  for (const hidden of all("[data-copy], [data-select-all]", root)) hidden.hidden = false;
  numberChoices();
  for (const form of all("form[data-keep]", root)) restoreDraft(form);
  for (const form of all("form[data-list]", root)) showSelection(form);
  focusErrors(root);
}

forgetSent();
enhance(document);
document.addEventListener("htmx:load", (event) => enhance(event.target));
