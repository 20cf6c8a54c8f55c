/** How the editor starts the MCP server: the command line understands it, and without a permission it gives no value. */
import { describe, expect, it } from 'vitest';
import { parsePermissions } from '../../../src/engine/agents/modelPermission.js';
import { mcpLaunch, type McpPlaces } from '../../../src/host/features/agents/mcpLaunch.js';
import { settingDefaults } from '../../../src/host/platform/generatedIds.js';
import { registerMcp } from '../../../src/cli/mcpCommand.js';
import { runFake } from '../cli/fakeCli.js';

const places: McpPlaces = { program: '/ext/dist/cli.mjs', folders: ['/w/shop', '/w/old shop'], adapter: undefined };
type Settings = typeof settingDefaults;

describe('the command line', () => {
  const cases: readonly (readonly [string, Partial<McpPlaces>, Partial<Settings>, string])[] = [
    ['as it comes', {}, {}, 'mcp --folder /w/shop /w/old shop --candidates 0 --threads 0 --gpu auto'],
    ['another model', {}, { model: 'own', gpu: 'off', threads: 3, candidates: 1 }, 'mcp --folder /w/shop /w/old shop --candidates 1 --threads 3 --gpu off --model own'], // prettier-ignore
    ['an adapter', { adapter: 'none', folders: ['/w'] }, {}, 'mcp --folder /w --candidates 0 --threads 0 --gpu auto --adapter none'],
  ];
  it.each(cases)('%s', (_, place, settings, wanted) => {
    const { args } = mcpLaunch({ ...places, ...place }, { ...settingDefaults, ...settings });
    expect(args[0]).toBe('/ext/dist/cli.mjs');
    expect(args.slice(1).join(' ')).toBe(wanted);
  });

  it('is one that joinery mcp takes', async () => {
    const { args, env } = mcpLaunch({ ...places, adapter: 'own' }, { ...settingDefaults, model: 'tiny' });
    let served = 0;
    const serve = (): Promise<void> => {
      served++;
      return Promise.resolve();
    };
    const { code, err } = await runFake(args.slice(1), {
      environment: env,
      extend: (program, context) => registerMcp(program, context, () => Promise.resolve(serve)),
    });
    expect([code, err, served]).toEqual([0, '', 1]);
  });
});

describe('the environment', () => {
  const envOf = (settings: Partial<Settings>): Readonly<Record<string, string>> =>
    mcpLaunch(places, { ...settingDefaults, ...settings }).env;

  it('runs the program of the editor as Node', () => expect(envOf({})['ELECTRON_RUN_AS_NODE']).toBe('1'));
  it('names the folder of models only where one was set', () => {
    expect(envOf({})).not.toHaveProperty('JOINERY_MODEL_DIR');
    expect(envOf({ modelFolder: '/models' })['JOINERY_MODEL_DIR']).toBe('/models');
  });

  const permissions: readonly (readonly [Settings['modelMaySee'], Settings['modelMaySee']])[] = [
    [{}, { '*': 'schema' }],
    [{ 'a.db': 'nothing' }, { '*': 'schema', 'a.db': 'nothing' }],
    [{ 'a.db': 'schemaAndSamples' }, { '*': 'schema', 'a.db': 'schemaAndSamples' }],
    [{ '*': 'schemaAndSamples' }, { '*': 'schemaAndSamples' }],
    [{ '*': 'nothing' }, { '*': 'nothing' }],
  ];
  it.each(permissions)('permission %j', (modelMaySee, wanted) =>
    expect(parsePermissions(envOf({ modelMaySee })['JOINERY_MAY_SEE'] ?? '', 'x')).toEqual(wanted),
  );
});
