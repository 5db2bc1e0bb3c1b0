// Asks a running `tipsearch serve` and checks what it quotes. Needs nothing but a TypeScript runtime:
//
//   node --experimental-strip-types docs/examples/ask.ts "border guards complicity"
//   deno run --allow-net docs/examples/ask.ts "border guards complicity"

interface Hit {
  id: string;
  title: string;
  text: string;
  missing: string[];
  cite: { short: string; uri: string };
  snippet: { text: string } | null;
}

interface Hits {
  hits: Hit[];
  // Of how many reports is known where all have been looked at (`eq`).
  total: { passages: number; documents?: number | null; relation: "eq" | "gte" };
  next_cursor: string | null;
}

interface Problem {
  code: string;
  detail: string;
  hint?: string;
}

interface Verified {
  results: { quote: string; verdict: string; matches: Hit[] }[];
}

const server = process.env.TIPSEARCH_URL ?? "http://127.0.0.1:7700";

async function ask<T>(path: string, body: unknown): Promise<T> {
  const answer = await fetch(server + path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) {
    const problem = (await answer.json()) as Problem;
    throw new Error(`${problem.code}: ${problem.detail} ${problem.hint ?? ""}`);
  }
  return (await answer.json()) as T;
}

const query = process.argv.slice(2).join(" ") || "border guards complicity";
const { hits, total } = await ask<Hits>("/v1/search", { query, limit: 3 });
const least = total.relation === "gte" ? "at least " : "";
const reports = least === "" ? ` in ${total.documents} reports` : "";
console.log(`${least}${total.passages} passages${reports}`);
for (const hit of hits) {
  console.log(`\n${hit.cite.short}\n  ${hit.snippet?.text ?? hit.text}`);
}

const quotes = hits.map((hit) => hit.snippet?.text ?? hit.text);
if (quotes.length > 0) {
  const { results } = await ask<Verified>("/v1/verify", { quotes });
  console.log(`\nquotations: ${results.map((result) => result.verdict).join(", ")}`);
}

export {};
