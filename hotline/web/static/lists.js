// Lists: one box ticks all of its name; a changed filter shows its list at once.
for (const all of document.querySelectorAll("input[data-check-all]")) {
  const boxes = [...document.querySelectorAll(`input[type=checkbox][name="${all.dataset.checkAll}"]`)];
  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked > 0 && ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  };
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
  });
  for (const box of boxes) box.addEventListener("change", show);
}
