/** `joinery schema`: the tables and relations of a database, as text, JSON, a Mermaid diagram or DBML. */
import { Option, type Command } from 'commander';
import { schemaDbml } from '../core/presentation/schemaDbml.js';
import { schemaMermaid } from '../core/presentation/schemaMermaid.js';
import { chooseDatabase } from './chooseDatabase.js';
import { withEngine, type CliContext } from './context.js';
import { styleFor } from './io.js';
import { jsonText } from './jsonText.js';
import { renderSchemaText } from './renderSchema.js';

/** Inferred relations are checked against the data in the background; the command waits for them this long. */
const indexWaitMs = 30_000;

interface SchemaOptions {
  readonly format: 'text' | 'json' | 'mermaid' | 'dbml';
  readonly json?: boolean;
}

export function registerSchema(program: Command, context: CliContext): void {
  program
    .command('schema')
    .description('show the tables of a database and how they join')
    .argument('[database]', 'SQLite file; by default the only one below the current folder')
    .addOption(new Option('-f, --format <format>', 'how to print it').choices(['text', 'json', 'mermaid', 'dbml']).default('text'))
    .option('--json', 'the same as --format json')
    .action(async (given: string | undefined, options: SchemaOptions) => {
      const { io } = context;
      const database = await chooseDatabase(context, given);
      const knowledge = await withEngine(context, {}, async (engine) => {
        const opened = await engine.catalogue.open(database, io.token);
        await opened.whenIndexed(indexWaitMs, io.token);
        return (await engine.catalogue.open(database, io.token)).knowledge;
      });
      if (options.json || options.format === 'json')
        io.out(jsonText({ database, schema: knowledge.schema, relations: knowledge.relations }));
      else if (options.format === 'mermaid') io.out(schemaMermaid(knowledge.schema, knowledge.relations));
      else if (options.format === 'dbml') io.out(schemaDbml(knowledge.schema, knowledge.relations));
      else io.out(renderSchemaText(knowledge, styleFor(io.outIsTerminal, io.environment)));
    });
}
