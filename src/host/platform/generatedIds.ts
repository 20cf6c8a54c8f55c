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
  choosePermission: 'joinery.choosePermission',
  useServer: 'joinery.useServer',
  leaveServer: 'joinery.leaveServer',
  acceptAsExpected: 'joinery.acceptAsExpected',
  showJoinPaths: 'joinery.showJoinPaths',
  insertJoin: 'joinery.insertJoin',
  goToTable: 'joinery.goToTable',
  filterSchema: 'joinery.filterSchema',
  clearSchemaFilter: 'joinery.clearSchemaFilter',
  sortSchema: 'joinery.sortSchema',
  copyName: 'joinery.copyName',
  copyDdl: 'joinery.copyDdl',
  topRows: 'joinery.topRows',
  askAboutTable: 'joinery.askAboutTable',
  confirmRelation: 'joinery.confirmRelation',
  rejectRelation: 'joinery.rejectRelation',
  takeBackVerdicts: 'joinery.takeBackVerdicts',
  runStatement: 'joinery.runStatement',
  runFile: 'joinery.runFile',
  runHistory: 'joinery.runHistory',
  explainStatement: 'joinery.explainStatement',
  previewWrite: 'joinery.previewWrite',
  applyWrite: 'joinery.applyWrite',
  createIndexPreview: 'joinery.createIndexPreview',
  copyIndex: 'joinery.copyIndex',
  formatSqlInString: 'joinery.formatSqlInString',
  showPlanSource: 'joinery.showPlanSource',
  compareAnswers: 'joinery.compareAnswers',
  whyThis: 'joinery.whyThis',
  explainSql: 'joinery.explainSql',
  repair: 'joinery.repair',
  openPair: 'joinery.openPair',
  deletePairs: 'joinery.deletePairs',
  keepPairs: 'joinery.keepPairs',
  stopKeepingPairs: 'joinery.stopKeepingPairs',
  createSample: 'joinery.createSample',
  openGraph: 'joinery.openGraph',
  showInGraph: 'joinery.showInGraph',
  fineTune: 'joinery.fineTune',
  showTraining: 'joinery.showTraining',
  pauseTraining: 'joinery.pauseTraining',
  resumeTraining: 'joinery.resumeTraining',
  cancelTraining: 'joinery.cancelTraining',
  acceptAdapter: 'joinery.acceptAdapter',
  rollBackAdapter: 'joinery.rollBackAdapter',
  useAdapter: 'joinery.useAdapter',
  deleteAdapter: 'joinery.deleteAdapter',
} as const;
export type CommandId = (typeof commandIds)[keyof typeof commandIds];

export interface Settings {
  readonly inlineSuggestions: boolean;
  readonly inlineTimeBudget: number;
  readonly candidates: number;
  readonly database: string;
  readonly modelMaySee: Readonly<Record<string, 'nothing' | 'schema' | 'schemaAndSamples'>>;
  readonly keepAcceptedPairs: boolean;
  readonly model: string;
  readonly adapter: string;
  readonly modelFolder: string;
  readonly threads: number;
  readonly languageSupport: boolean;
  readonly diagnostics: boolean;
  readonly gpu: 'auto' | 'off' | 'cuda' | 'vulkan' | 'metal';
  readonly serverUrl: string;
  readonly serverModel: string;
  readonly serverConstraints: 'auto' | 'gbnf' | 'guided' | 'none';
  readonly codeLens: boolean;
  readonly regenerateEditedQuestions: boolean;
  readonly trainerPython: string;
}

export const settingDefaults: Settings = {
  inlineSuggestions: true,
  inlineTimeBudget: 20,
  candidates: 0,
  database: '',
  modelMaySee: {},
  keepAcceptedPairs: false,
  model: '',
  adapter: '',
  modelFolder: '',
  threads: 0,
  languageSupport: true,
  diagnostics: true,
  gpu: 'auto',
  serverUrl: '',
  serverModel: '',
  serverConstraints: 'auto',
  codeLens: true,
  regenerateEditedQuestions: true,
  trainerPython: '',
};
