// What a user of the generated TypeScript client writes. Run by GeneratedClientsTests.

import createClient from "openapi-fetch";
import type { components, paths } from "./leaderboard.js";

type Claim = components["schemas"]["Claim"];

const [url, key, benchmark] = process.argv.slice(2) as [string, string, string];
// Boards and progress have other forms too; a client that asks for none of them gets JSON.
type Json = "application/json" | "application/problem+json";
const client = createClient<paths, Json>({ baseUrl: url, headers: { Authorization: `Bearer ${key}` } });

function must<T>(answer: { data?: T; error?: unknown }): T {
  if (answer.data === undefined) {
    throw new Error(JSON.stringify(answer.error));
  }
  return answer.data;
}

const benchmarks = must(await client.GET("/api/v1/benchmarks", { params: { query: { limit: 200 } } }));
console.log("benchmarks", benchmarks.items.map((item) => `${item.name}@${item.version}`).join(" "));

const checkpoint = must(
  await client.POST("/api/v1/checkpoints", {
    body: "" as never,
    bodySerializer: () => safetensors(),
    headers: { "Content-Type": "application/octet-stream" },
  }),
);
console.log("checkpoint", checkpoint.format, checkpoint.size);

const claimed: Claim[] = [{ benchmark, metric: "top1_accuracy", value: 0.5 }];
const submission = must(
  await client.POST("/api/v1/submissions", {
    body: {
      model_name: "from-typescript",
      benchmarks: [benchmark],
      checkpoint: checkpoint.sha256,
      claimed,
    },
    headers: { "Content-Type": "application/json" },
  }),
);
console.log("submission", submission.model_name, submission.evaluations.map((one) => one.state).join(" "));

const board = must(
  await client.GET("/api/v1/benchmarks/{name}/leaderboard", {
    params: { path: { name: benchmark }, query: { kind: "reported" } },
  }),
);
console.log("board", board.entries.map((entry) => `${entry.rank} ${entry.model_name} ${entry.value}`).join("; "));

const unknown = await client.GET("/api/v1/evaluations/{id}", {
  params: { path: { id: "00000000-0000-0000-0000-000000000000" } },
});
console.log("problem", unknown.response.status, unknown.error?.code);

// A safetensors file of one float32.
function safetensors(): Uint8Array {
  const header = Buffer.from('{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}');
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(4)]);
}
