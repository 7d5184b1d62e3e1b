// An opened document: brought into view, its title focused, so that it is read from there.
watch("value", () => {
  const title = element.querySelector("h2");
  if (!title) return;
  title.focus({ preventScroll: true });
  element.scrollIntoView({ block: "nearest" });
  element.querySelector(".text")?.scrollTo(0, 0);
});
