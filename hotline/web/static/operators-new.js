// The entry form: a live preview beside it, a category by Alt+1/2/3, a found value into its field by one click.
const form = document.getElementById("entry");
const panel = document.getElementById("preview");
const proposed = document.getElementById("kind-proposed");
const saveNote = document.getElementById("save-note");
const DELAY = 250;
let timer = 0;
let running = null;
let sending = false;

document.getElementById("preview-button").hidden = true;

async function preview() {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  panel.classList.add("stale");
  try {
    const answer = await fetch(form.dataset.preview, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-Fragment": "1" },
      signal: mine.signal,
      redirect: "error",
    });
    if (answer.status === 401) {
      saveNote.textContent = "登录已过期：保存时会请您重新登录，已填的内容不会丢失。";
      return;
    }
    if (answer.status !== 200) throw new Error(String(answer.status));
    const top = panel.parentElement.scrollTop;
    panel.innerHTML = await answer.text();
    panel.parentElement.scrollTop = top;
    panel.classList.remove("stale");
    saveNote.textContent = "";
    propose();
  } catch (error) {
    if (error.name === "AbortError") return;
    saveNote.textContent = "预览暂时取不到，不影响保存。";
  }
}

// What the page proposes stays a proposal until the operator chooses: the server proposes anew when saving.
function propose() {
  const data = document.getElementById("preview-data")?.dataset;
  if (!data) return;
  const chosen = form.querySelector("input[name=kind]:checked");
  const untouched = !chosen || chosen.value === proposed.value;
  if (untouched && data.kind) {
    form.querySelector(`input[name=kind][value="${CSS.escape(data.kind)}"]`).checked = true;
    proposed.value = data.kind;
  }
  const split = form.elements.split;
  document.getElementById("split-offer").hidden = !(data.split || split.checked);
  document.getElementById("save-dispatch").textContent = data.doubt ? "保存（进入分拣）" : "保存并派单";
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(preview, DELAY);
}

function fill(name, value) {
  const field = form.elements[name];
  if (!field) return;
  field.value = value;
  soon();
}

form.addEventListener("input", (event) => {
  if (event.target.name === "kind") proposed.value = "";
  soon();
});

form.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-accept], button[data-fill]");
  if (!button) return;
  event.preventDefault();
  if (button.dataset.accept) fill("category", button.dataset.accept);
  else fill(button.dataset.fill, button.dataset.value);
});

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || !/^Digit[1-3]$/.test(event.code)) return;
  const button = panel.querySelector(`button[data-key="${event.code.slice(-1)}"]`);
  if (!button) return;
  event.preventDefault();
  fill("category", button.dataset.accept);
});

// Enter in a one-line field goes on typing; it is Ctrl+Enter that saves.
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target instanceof HTMLInputElement && !(event.ctrlKey || event.metaKey)) {
    event.preventDefault();
  }
});

form.addEventListener("submit", () => {
  sending = true;
});

window.addEventListener("beforeunload", (event) => {
  if (!sending && form.elements.text.value.trim()) event.preventDefault();
});

window.addEventListener("pageshow", () => {
  sending = false;
});

if (form.elements.text.value.trim() || form.elements.phone.value.trim()) preview();
