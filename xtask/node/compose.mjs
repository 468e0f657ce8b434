// Composes subgraphs (FILE… named by their file names) into OUT/supergraph.graphql and OUT/api.graphql.
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { composeServices, compositionHasErrors, transformSupergraphToPublicSchema } from "@theguild/federation-composition";
import { Kind, parse, print } from "graphql";

const [out, ...files] = process.argv.slice(2);

const result = composeServices(
  files.map((file) => {
    const name = basename(file, ".graphql");
    return { name, url: `http://${name}.invalid/`, typeDefs: parse(readFileSync(file, "utf8")) };
  }),
);
if (compositionHasErrors(result)) {
  for (const { message } of result.errors) console.error(message);
  process.exit(1);
}

// `@skip` and `@include` are built in; some gateways refuse a document that defines them again.
const builtIn = new Set(["skip", "include"]);
const without = (document, drop) => ({
  ...document,
  definitions: document.definitions.filter((definition) => !drop(definition)),
});
const isBuiltIn = ({ kind, name }) => kind === Kind.DIRECTIVE_DEFINITION && builtIn.has(name.value);

const supergraph = without(parse(result.supergraphSdl), isBuiltIn);
writeFileSync(join(out, "supergraph.graphql"), `${print(supergraph)}\n`);

const api = without(transformSupergraphToPublicSchema(supergraph), isBuiltIn);
writeFileSync(join(out, "api.graphql"), `# Composed by \`cargo xtask schema\`: what a client may ask.\n\n${print(api)}\n`);
