// Looks at the pages with a browser, in light and dark, wide and narrow: axe-core finds no violation of WCAG 2.2 AA,
// nothing is asked of another place, nothing is wider than the screen; keys work, and so does everything without JavaScript.
//
//   npm install && node check.mjs http://127.0.0.1:7700 REPORT [FOLDER for pictures]
//
// REPORT is the id of a report that says something of "police"; CHROMIUM names the browser.

import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = createRequire(import.meta.url)("@axe-core/playwright");
const AxeBuilder = axe.default ?? axe;

const [base, report, pictures] = process.argv.slice(2);
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const PAGES = {
  start: "/",
  search: "/?q=police+border",
  nothing: "/?q=zzqqx+traficking",
  malformed: "/?q=contry:x",
  reading: `/d/${report}?q=police`,
  compare: "/compare?q=police&by=country&and=year",
  timeline: "/compare?q=police&by=year",
  verify: "/verify",
  missing: "/d/nowhere.md",
};

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

async function look(page, name, where) {
  await page.goto(base + PAGES[name]);
  if (name === "verify") {
    await page.fill("#draft", 'It says "police arrested nobody at all in that year" and "the police and the border guards".');
    await page.click("form.verify button");
    await page.waitForSelector(".quotes");
  }
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  for (const violation of violations) check(false, `${where}: ${violation.id} at ${violation.nodes[0].html.slice(0, 160)}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth + 1);
  check(!wide, `${where} is wider than the screen`);
  if (pictures) await page.screenshot({ path: `${pictures}/${where.replaceAll(" ", "-")}.png` });
}

for (const colorScheme of ["light", "dark"]) {
  for (const width of [1280, 360]) {
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
    const page = await context.newPage();
    page.on("request", (request) => check(request.url().startsWith(base), `a request to ${request.url()}`));
    page.on("pageerror", (error) => check(false, String(error)));
    for (const name of Object.keys(PAGES)) await look(page, name, `${name} ${colorScheme} ${width}`);
    await context.close();
  }
}

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

const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
await plain.goto(`${base}/`);
await plain.fill("#q", "police");
await plain.click("form.search button");
check((await plain.locator("ol.hits > li").count()) > 0, "no hits without JavaScript");
await plain.locator("ol.hits h2 a").first().click();
check((await plain.locator(".passage mark").count()) > 0, "no marks without JavaScript");

await browser.close();
console.log(`${faults} faults`);
process.exit(faults > 0 ? 1 : 0);
