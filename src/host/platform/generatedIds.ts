/** Ids of commands and types of settings, generated from package.json by `npm run generate`. Not edited by hand. */

export const commandIds = {
  ask: 'joinery.ask',
  regenerate: 'joinery.regenerate',
  regenerateWithParameters: 'joinery.regenerateWithParameters',
  chooseDatabase: 'joinery.chooseDatabase',
  fetchModel: 'joinery.fetchModel',
  showLog: 'joinery.showLog',
  doctor: 'joinery.doctor',
  refreshDatabases: 'joinery.refreshDatabases',
  accepted: 'joinery.accepted',
} as const;
export type CommandId = (typeof commandIds)[keyof typeof commandIds];

export interface Settings {
  readonly inlineSuggestions: boolean;
  readonly inlineTimeBudget: number;
  readonly candidates: number;
  readonly database: string;
  readonly hideValuesOf: readonly string[];
  readonly keepAcceptedPairs: boolean;
  readonly model: string;
  readonly adapter: string;
  readonly modelFolder: string;
  readonly threads: number;
  readonly gpu: 'auto' | 'off' | 'cuda' | 'vulkan' | 'metal';
}

export const settingDefaults: Settings = {
  inlineSuggestions: true,
  inlineTimeBudget: 20,
  candidates: 5,
  database: '',
  hideValuesOf: [],
  keepAcceptedPairs: false,
  model: '',
  adapter: '',
  modelFolder: '',
  threads: 0,
  gpu: 'auto',
};
