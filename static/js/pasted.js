// What is pasted or dropped into the text editor, in the elements that it knows. Word processors say by styles what is
// bold, and Word what is a list; the editor reads neither: under the site's policy a style attribute has no effect, also
// where pasted words are parsed. Its text can be read, and the words of a style be asked of a style that is not a page's.
import { Extension } from "django-prose-editor/editor";

const HEADINGS = "h1, h2, h3, h4, h5, h6";
const BLOCKS = `${HEADINGS}, p, div, ul, ol, li, table, pre, blockquote, dl, dt, dd, section, article, header, footer`;
const NO_TEXT = "style, script, title, template, noscript, svg, math, select, textarea, iframe, object, del, xml";
// The number or letter of a point, with what stands behind it: 1. a) iv- (2). A letter alone is a bullet of Wingdings.
const NUMBERED = /^[([]?(\p{N}|\p{L}{1,5}[.)\]–-])/u;
// Raised and lowered figures are letters of their own: 10³ must never read 103.
const SCRIPTS = { super: ["0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ"], sub: ["0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎"] };
const MARKER = /^\s*([·•▪§o]|[\p{N}]+[.)])[\s\u00a0]{2,}/u;

export const Pasted = Extension.create({
  name: "pasted",
  transformPastedHTML: (html) => (html.includes("data-pm-slice") ? html : rewritten(html)),
});

function rewritten(html) {
  // The browser would complain of each style that it meets: so they are taken out, and an element's has another name.
  const sheets = [];
  const unstyled = html.replace(/<style[^>]*>([^]*?)<\/style>/gi, (_element, rules) => sheets.push(rules) && "");
  const renamed = unstyled.replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, " data-style="));
  const page = new DOMParser().parseFromString(renamed, "text/html");
  const looks = looksOf(sheets);
  page.querySelectorAll(NO_TEXT).forEach((element) => element.remove());
  writeScripts(page);
  flattenLists(page);
  nestLists(page);
  writeMarks(page, looks);
  page.querySelectorAll("pre").forEach(breakLines);
  [...page.querySelectorAll("table")].reverse().forEach(writeRows);
  page.querySelectorAll("h1, p.MsoTitle").forEach((heading) => rename(heading, "h2"));
  page.querySelectorAll("h4, h5, h6").forEach((heading) => rename(heading, "h3"));
  page.querySelectorAll("summary, caption").forEach((block) => rename(block, "p"));
  page.querySelectorAll("p").forEach((block) => block.textContent.trim() || block.querySelector("br, img") || block.remove());
  page.querySelectorAll("br").forEach(dropBetweenBlocks);
  page.body.querySelectorAll("*").forEach(undress);
  return page.body.innerHTML;
}

// How an element looks by its own style or, without one, by a rule for its class.
function looksOf(sheets) {
  const rules = sheets.flatMap((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return [...sheet.cssRules].filter(({ selectorText, style }) => selectorText && (style.fontWeight || style.fontStyle));
  });
  const probe = document.createElement("span").style;
  return (element) => {
    probe.cssText = element.dataset.style || "";
    const found = { weight: probe.fontWeight, slant: probe.fontStyle };
    rules.forEach(({ selectorText, style }) => {
      if (!element.matches(selectorText)) return;
      found.weight ||= style.fontWeight;
      found.slant ||= style.fontStyle;
    });
    return found;
  };
}

// The nearest element that says anything of its words is right; a heading is bold by itself.
function writeMarks(page, looks) {
  const words = [];
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (walker.currentNode.data.trim()) words.push(walker.currentNode);
  const marked = words.map((text) => {
    let bold, slanted;
    for (let element = text.parentElement; element; element = element.parentElement) {
      const { weight, slant } = looks(element);
      bold ??= weight ? weight.startsWith("bold") || Number(weight) >= 600 : element.matches("b, strong, th") || undefined;
      slanted ??= slant ? slant !== "normal" : element.matches("i, em") || undefined;
      if (element.matches(HEADINGS)) bold = false;
    }
    return [text, bold, slanted];
  });
  page.querySelectorAll("b, strong, i, em").forEach((element) => element.replaceWith(...element.childNodes));
  marked.forEach(([text, bold, slanted]) => {
    if (bold) wrap(text, "strong");
    if (slanted) wrap(text, "em");
  });
}

function writeScripts(page) {
  page.querySelectorAll("sup, sub, [data-style*='vertical-align' i]").forEach((element) => {
    const [, styled] = /vertical-align:\s*(super|sub)\b/i.exec(element.dataset.style) || [];
    const [plain, letters] = SCRIPTS[styled?.toLowerCase() || { SUP: "super", SUB: "sub" }[element.nodeName]] || [];
    const words = element.textContent;
    if (plain && [...words].every((letter) => plain.includes(letter))) {
      element.replaceWith([...words].map((letter) => letters[plain.indexOf(letter)]).join(""));
    }
  });
}

function wrap(text, name) {
  const mark = text.ownerDocument.createElement(name);
  text.replaceWith(mark);
  mark.append(text);
}

// The points of Word, each as an element that says how deep it lies: Word itself writes paragraphs with a bullet in
// front, Word on the web a list for each point.
function flattenLists(page) {
  page.querySelectorAll(".ListContainerWrapper").forEach((wrapper) => wrapper.replaceWith(...wrapper.childNodes));
  page.querySelectorAll("li[data-aria-level], li[data-listid]").forEach((item) => {
    const { ariaLevel, listid, ariaPosinset } = item.dataset;
    const list = item.parentElement;
    list.before(pointOf([...item.childNodes], ariaLevel, list.matches("ol"), listid, ariaPosinset));
    item.remove();
    if (!list.children.length) list.remove();
  });
  page.querySelectorAll("p").forEach((block) => {
    const [, list, level] = /mso-list:\s*(l\d+)\s+level(\d+)/i.exec(block.dataset.style) || [];
    const ignored = [...block.querySelectorAll("[data-style]")].find((part) => /mso-list:\s*ignore/i.test(part.dataset.style));
    const typed = !ignored && /^MsoListParagraph/.test(block.className) && MARKER.exec(block.textContent);
    if (!(level && ignored) && !typed) return;
    const marker = (ignored ? ignored.textContent : typed[1]).trim();
    if (ignored) ignored.remove();
    else dropLetters(block, typed[0].length);
    const place = block.ownerDocument.createComment("");
    block.replaceWith(place);
    place.replaceWith(pointOf([block], level, NUMBERED.test(marker), list, marker.match(/\d+/)?.[0]));
  });
}

function pointOf(nodes, level, isNumbered, list, number) {
  const point = nodes[0].ownerDocument.createElement("div");
  Object.assign(point.dataset, { level: level || 1, list: list || "", name: isNumbered ? "ol" : "ul", number: number || 1 });
  point.append(...nodes);
  return point;
}

function dropLetters(block, number) {
  const walker = block.ownerDocument.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  while (number > 0 && walker.nextNode()) {
    const { length } = walker.currentNode.data;
    walker.currentNode.data = walker.currentNode.data.slice(number);
    number -= length;
  }
}

// Lists out of the points that follow each other, one inside another by their depth.
function nestLists(page) {
  let open = [];
  page.querySelectorAll("div[data-level]").forEach((point) => {
    const { level, list, name, number } = point.dataset;
    const depth = Number(level);
    if (open[0]?.element !== point.previousElementSibling) open = [];
    while (open.length && open.at(-1).depth > depth) open.pop();
    const isAnother = open.length && open.at(-1).depth === depth && (open.at(-1).name !== name || open.at(-1).list !== list);
    if (isAnother) open.pop();
    if (!open.length || open.at(-1).depth < depth) {
      const element = page.createElement(name);
      if (name === "ol" && number > 1) element.start = number;
      if (open.length) open.at(-1).element.lastElementChild.append(element);
      else point.before(element);
      open.push({ element, depth, name, list });
    }
    const item = page.createElement("li");
    item.append(...point.childNodes);
    open.at(-1).element.append(item);
    point.remove();
  });
}

// A row of a table is a paragraph, with a stroke between its cells; a table of one column is there for its looks.
function writeRows(table) {
  const page = table.ownerDocument;
  const rows = [...table.rows];
  const blocks = table.caption ? [filled(page, "p", [...table.caption.childNodes])] : [];
  if (rows.every(({ cells }) => cells.length < 2)) {
    blocks.push(...rows.flatMap(({ cells }) => [...cells]).map((cell) => filled(page, "div", [...cell.childNodes])));
  } else {
    rows.filter((row) => row.textContent.trim()).forEach((row) => {
      const words = [...row.cells].flatMap((cell) => [" | ", ...inOneBlock(cell)]);
      blocks.push(filled(page, "p", words.slice(1)));
    });
  }
  table.replaceWith(...blocks);
}

function filled(page, name, nodes) {
  const element = page.createElement(name);
  element.append(...nodes);
  return element;
}

// The words of a cell, with a new line where there was a new block.
function inOneBlock(cell) {
  if (!cell.textContent.trim()) return ["–"];
  cell.querySelectorAll(BLOCKS).forEach((block) => {
    if (block.textContent.trim()) block.before(cell.ownerDocument.createElement("br"));
    block.after(cell.ownerDocument.createElement("br"));
    block.replaceWith(...block.childNodes);
  });
  const said = [];
  [...cell.childNodes].forEach((node) => {
    const isBreak = node.nodeName === "BR";
    if (isBreak ? said.length && said.at(-1).nodeName !== "BR" : node.textContent.trim() || said.length) said.push(node);
  });
  while (said.length && (said.at(-1).nodeName === "BR" || !said.at(-1).textContent.trim())) said.pop();
  return said;
}

function breakLines(block) {
  const walker = block.ownerDocument.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  const words = [];
  while (walker.nextNode()) words.push(walker.currentNode);
  words.forEach((text) => {
    const lines = text.data.replace(/\n$/, "").split("\n");
    text.replaceWith(...lines.flatMap((line, index) => (index ? [block.ownerDocument.createElement("br"), line] : [line])));
  });
  rename(block, "p");
}

function rename(element, name) {
  element.replaceWith(filled(element.ownerDocument, name, [...element.childNodes]));
}

// Google Docs writes one for an empty line between two paragraphs.
function dropBetweenBlocks(line) {
  const isBlock = (node) => node?.nodeType === Node.ELEMENT_NODE && node.matches(BLOCKS);
  if (isBlock(line.previousElementSibling) || isBlock(line.nextElementSibling)) {
    const sides = [line.previousSibling, line.nextSibling];
    if (sides.every((node) => !node || isBlock(node) || !node.textContent.trim())) line.remove();
  }
}

// What is left of a style would only make the browser complain.
function undress(element) {
  [...element.attributes].forEach(({ name }) => ["href", "start"].includes(name) || element.removeAttribute(name));
}
