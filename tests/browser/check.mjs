// Looks at the pages with a browser, in light and dark, wide and narrow: axe-core finds no violation of WCAG 2.2 AA,
// nothing is asked of another place, nothing is wider than the screen; a person finds the way with the mouse, by keys, and
// without JavaScript.
//
//   npm install && node check.mjs http://127.0.0.1:7700 REPORT [ADDRESS...]
//
// REPORT is the id of a report that says something of "police"; an ADDRESS is another page to look at, as in
// `/d/arb.md?index=rights`. CHROMIUM names the browser, PICTURES a folder for pictures.

import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = createRequire(import.meta.url)("@axe-core/playwright");
const AxeBuilder = axe.default ?? axe;

const [base, report, ...addresses] = process.argv.slice(2);
const pictures = process.env.PICTURES;
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const PAGES = {
  start: "/",
  search: "/?q=police+border",
  sorted: "/?q=police&sort=date",
  filtered: "/?q=police&f=role%3Aprosecution&literal=true",
  nothing: "/?q=zzqqx+traficking",
  empty: "/?q=zzqqx&f=role%3Aprosecution",
  malformed: "/?q=contry:x",
  reading: `/d/${report}?q=police`,
  whole: `/d/${report}`,
  nowhere: "/?q=%22police+reports+children%22&f=foo",
  compare: "/compare?q=police&by=role&and=lang",
  counted: "/compare?q=police&by=year&f=role%3Aprosecution&literal=true",
  timeline: "/compare?q=police&by=year",
  uncounted: "/compare?q=zzqqx",
  verify: "/verify",
  missing: "/d/nowhere.md",
  elsewhere: "/foo",
  wrong: "/?qq=x",
};
addresses.forEach((address, at) => (PAGES[`more-${at + 1}`] = address));

const DRAFT =
  'It says "police arrested nobody at all in that year" and "the police and the border guards" (Nowhere, 1999). The police arrested 77 border guards.';

let faults = 0;
function check(holds, what) {
  if (holds) return;
  faults += 1;
  console.error(`fault: ${what}`);
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});

async function verify(page) {
  await page.fill("#draft", DRAFT);
  await page.click("form.verify button");
  await page.waitForSelector(".quotes");
}

/** Faults of a page as it stands. */
async function faultless(page, where) {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  for (const violation of violations) check(false, `${where}: ${violation.id} at ${violation.nodes[0].html.slice(0, 160)}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth + 1);
  check(!wide, `${where} is wider than the screen`);
}

async function look(page, name, where) {
  await page.goto(base + PAGES[name]);
  if (name === "verify") await verify(page);
  await faultless(page, where);
  if (pictures) await page.screenshot({ path: `${pictures}/${where.replaceAll(" ", "-")}.png` });
  await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
  await faultless(page, `${where}, all open`);
  const backward = await page.evaluate(() =>
    Array.from(document.querySelectorAll("article[lang=ar] .text, article[lang=he] .text, article[lang=fa] .text"))
      .some((text) => getComputedStyle(text).direction !== "rtl"));
  check(!backward, `${where} has text in the wrong direction`);
}

// With several indexes there is a choice, which pages keep.
const first = await browser.newPage();
await first.goto(`${base}/`);
const indexes = await first.locator("select[name=index] option").allTextContents();
if (indexes.length > 1) PAGES.choice = `/?q=police&index=${indexes[indexes.length - 1]}`;
await first.close();

for (const colorScheme of ["light", "dark"]) {
  for (const width of [1280, 360]) {
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
    const page = await context.newPage();
    page.on("request", (request) => check(request.url().startsWith(base), `a request to ${request.url()}`));
    page.on("pageerror", (error) => check(false, String(error)));
    page.on("console", (message) => check(!message.text().includes("Content Security Policy"), message.text()));
    for (const name of Object.keys(PAGES)) await look(page, name, `${name} ${colorScheme} ${width}`);
    await context.close();
  }
}

// By keys alone.
const keys = await browser.newPage();
await keys.goto(`${base}/`);
await keys.evaluate(() => document.activeElement.blur());
await keys.keyboard.press("/");
await keys.keyboard.type("police");
await keys.keyboard.press("Enter");
await keys.waitForSelector("ol.hits");
await keys.evaluate(() => document.activeElement.blur());
for (const key of ["j", "j", "k", "Enter"]) await keys.keyboard.press(key);
await keys.waitForSelector("article.report");
check(keys.url().includes("#p-"), `keys lead to ${keys.url()}`);
// From the passage that the address points to the keys go on to its neighbours.
const place = () => keys.evaluate(() => {
  const all = Array.from(document.querySelectorAll("[data-hit]"));
  return { all: all.length, target: all.findIndex((hit) => hit.matches(":target")), now: all.indexOf(document.activeElement) };
});
for (const [key, step] of [["j", 1], ["k", -1]]) {
  await keys.reload();
  await keys.keyboard.press(key);
  const { all, target, now } = await place();
  check(target >= 0 && now === Math.min(Math.max(target + step, 0), all - 1), `${key} leads from hit ${target} to ${now} of ${all}`);
}
await keys.goto(`${base}/?q=police`);
await keys.keyboard.press("Tab");
check(await keys.evaluate(() => document.activeElement.matches("a.skip")), "the first Tab is not the way to the content");
for (const key of ["Tab", "Enter", "Tab"]) await keys.keyboard.press(key);
check(await keys.evaluate(() => document.activeElement.matches("ol.hits > li:first-child h2 a")), "the second Tab is not the way to the hits");
await keys.keyboard.press("j");
const bar = () => keys.evaluate(() => {
  const style = getComputedStyle(document.querySelector("ol.hits .now"));
  return [style.borderInlineStartColor, style.marginInlineStart];
});
check((await bar()).every((value) => !["rgba(0, 0, 0, 0)", "-"].some((no) => value.startsWith(no))), `the bar of a hit is ${await bar()}`);

// With the mouse: filter, sort, cite, compare.
const context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
const mouse = await context.newPage();
await mouse.goto(`${base}/?q=police`);
await mouse.click("nav.orders a:has-text('by report')");
check(mouse.url().includes("sort=document"), `sorting leads to ${mouse.url()}`);
await mouse.click(".filters a[href*='f=role']");
check((await mouse.locator("ul.chosen li").count()) === 1, "no filter is chosen");
await mouse.click("ol.hits details.cite summary");
const citation = await mouse.locator("ol.hits details.cite span").first().textContent();
await mouse.click("ol.hits button[data-copy]");
await mouse.waitForFunction(() => document.getElementById("said").textContent === "Copied");
check(await mouse.locator("ol.hits button[data-copy] + .copied").first().isVisible(), "nothing is seen of copying");
check((await mouse.evaluate(() => navigator.clipboard.readText())) === citation, "another citation was copied");
await mouse.click("ol.hits button[data-link]");
const link = await mouse.evaluate(() => navigator.clipboard.readText());
await mouse.goto(link);
check((await mouse.locator(".passage:target").count()) === 1, `${link} leads to no passage`);
await mouse.goto(`${base}/compare?q=police&by=role`);
await mouse.click("table th a");
check((await mouse.locator("ol.hits > li").count()) > 0, "a group leads to no passages");

// What is chosen is counted too, and can be given up.
await mouse.goto(`${base}/?q=police&f=role%3Aprosecution`);
await mouse.click("details.exports summary");
await mouse.click("details.exports a[href*='by=year']");
check((await mouse.locator("ul.chosen li").count()) === 1, "a filter is not counted");
const within = await mouse.locator(".total").textContent();
await mouse.click("ul.chosen a");
check((await mouse.locator(".total").textContent()) !== within, "a filter that is given up is counted");

// Without JavaScript.
const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
await plain.goto(`${base}/`);
await plain.fill("#q", "police");
await plain.click("form.search button");
check((await plain.locator("ol.hits > li").count()) > 0, "no hits without JavaScript");
await plain.click(".filters a[href*='f=role']");
check((await plain.locator("ol.hits > li").count()) > 0, "no filter without JavaScript");
await plain.locator("ol.hits h2 a").first().click();
check((await plain.locator(".passage mark").count()) > 0, "no marks without JavaScript");
const small = await (await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 900 } })).newPage();
await small.goto(`${base}/?q=police`);
const top = (await small.locator("ol.hits > li").first().boundingBox()).y;
check(top < 900, `on a phone the first hit begins at ${top}`);
await plain.goto(`${base}/verify`);
await verify(plain);
check((await plain.locator(".draft a.bad, .draft a.doubtful").count()) === 3, "a draft is not coloured without JavaScript");

await browser.close();
console.log(`${faults} faults in ${Object.keys(PAGES).length} pages`);
process.exit(faults > 0 ? 1 : 0);
