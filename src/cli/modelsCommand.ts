/** `joinery models …`: what is on this machine, fetching, checking, removing, the user's own GGUF files, and packs of the runtime. */
import { homedir } from 'node:os';
import { type Command } from 'commander';
import { ModelStore } from '../engine/models/modelStore.js';
import { findRegistry } from '../engine/models/npmRegistry.js';
import { RuntimePacks, type PackListing } from '../engine/models/runtimePacks.js';
import { type FetchProgress, type ModelListing } from '../engine/models/types.js';
import { type CliContext } from './context.js';
import { DownloadProgress } from './downloadProgress.js';
import { formatBytes } from './formatBytes.js';
import { styleFor, type Style } from './io.js';
import { jsonText } from './jsonText.js';
import { renderTable } from './renderTable.js';

interface JsonOption {
  readonly json?: boolean;
}

export function registerModels(program: Command, context: CliContext): void {
  const { io } = context;
  const store = (): ModelStore =>
    new ModelStore({ folder: context.modelFolder, adapterFolder: context.adapterFolder, environment: io.environment });
  const packs = (): RuntimePacks =>
    new RuntimePacks({ modelFolder: context.modelFolder, findRegistry: () => findRegistry(io.environment, homedir()) });
  const models = program.command('models').description('models, adapters and packs on this machine');
  const add = (name: string, description: string): Command => models.command(name).description(description).option('--json', 'print JSON');

  add('list', 'what there is and what can be fetched').action(async (options: JsonOption) => {
    const listings = await store().list();
    const packListings = await packs().list();
    io.out(
      options.json
        ? jsonText({ folder: context.modelFolder, models: listings, packs: packListings })
        : renderModels(listings, packListings, context.modelFolder, styleFor(io.outIsTerminal, io.environment)),
    );
  });
  add('fetch', 'download a model or a pack such as cuda; continues a download that was interrupted')
    .argument('[id]', 'id of the model or pack; by default the default model')
    .option('--quiet', 'say nothing when the model is there already')
    .action(async (id: string | undefined, options: JsonOption & { readonly quiet?: boolean }) => {
      const wanted = id ?? store().catalog.default;
      if (options.quiet && (await isReady(store(), wanted))) return;
      const file = await fetchWithProgress(context, packs().knows(wanted) ? packs() : store(), wanted);
      io.out(options.json ? jsonText({ id: wanted, path: file }) : `${wanted} is ready: ${file}`);
    });
  add('verify', 'read a whole model file and compare its checksum')
    .argument('<id>')
    .action(async (id: string, options: JsonOption) => {
      const { path, sha256 } = await store().verify(id, io.token);
      io.out(options.json ? jsonText({ id, path, sha256 }) : `${id} is whole: sha256 ${sha256}`);
    });
  add('remove', 'delete a fetched model or pack, or forget an own model (its file stays)')
    .argument('<id>')
    .action(async (id: string, options: JsonOption) => {
      await (packs().knows(id) ? packs() : store()).remove(id);
      io.out(options.json ? jsonText({ id, removed: true }) : `${id} is removed.`);
    });
  add('add', 'use your own GGUF file, model or LoRA adapter; it stays where it is')
    .argument('<file>')
    .option('--id <id>', 'name to call it by; the file name otherwise')
    .action(async (file: string, options: JsonOption & { readonly id?: string }) => {
      const added = await store().add(file, options.id);
      io.out(options.json ? jsonText(added) : `Added the ${added.kind} ${added.id}: use it with --${added.kind} ${added.id}`);
    });
}

/** Whole by its size; the sum is compared when the model is loaded. */
async function isReady(store: ModelStore, id: string): Promise<boolean> {
  return (await store.list()).some((listing) => listing.id === id && listing.state === 'ready');
}

/** Fetches with progress on stderr. */
async function fetchWithProgress(context: CliContext, store: Pick<ModelStore | RuntimePacks, 'fetch'>, id: string): Promise<string> {
  const progress = new DownloadProgress(context.io, id);
  try {
    return await store.fetch(id, context.io.token, (step: FetchProgress) => progress.update(step));
  } finally {
    progress.stop();
  }
}

function renderModels(listings: readonly ModelListing[], packs: readonly PackListing[], folder: string, style: Style): string {
  const modelRows = listings.map((listing) => [
    listing.isDefault ? `${listing.id} *` : listing.id,
    listing.kind,
    listing.bytes > 0 ? formatBytes(listing.bytes) : '',
    stateWords(listing),
    listing.kind === 'adapter' ? fitWords(listing) : [listing.licence, listing.note].filter((text) => text !== '').join('; '),
  ]);
  const packRows = packs.map((pack) => [
    pack.id,
    'pack',
    pack.bytes > 0 ? formatBytes(pack.bytes) : '',
    packWords[pack.state],
    [pack.title, pack.note].filter((text) => text !== '').join('; '),
  ]);
  const rows = [...modelRows, ...packRows];
  const table = renderTable({ columns: ['id', 'kind', 'size', 'state', ''], rows }, style, 110);
  return `${table}\n\n${style.dim(`* default; folder ${folder}`)}`;
}

const packWords: Readonly<Record<PackListing['state'], string>> = {
  ready: 'ready',
  missing: 'not fetched',
  damaged: 'damaged',
  unavailable: 'not for this machine',
};

function stateWords(listing: ModelListing): string {
  if (listing.state === 'partial') return `partial, ${formatBytes(listing.presentBytes)}`;
  return listing.state === 'missing' && !listing.own ? 'not fetched' : listing.state;
}

function fitWords(listing: ModelListing): string {
  return listing.fits.length > 0 ? `fits ${listing.fits.join(', ')}` : 'fits no model on this machine';
}
