/**
 * What the editor says differently from the terminal: the next step of an error where a click replaces a command line, and the
 * command behind that click. Sentences themselves are the engine's.
 */
import { type ErrorCode } from '../../core/shared/errors.js';
import { commandIds } from './generatedIds.js';

export const editorNextSteps: Readonly<Partial<Record<ErrorCode, string>>> = {
  'sql.notReadOnly': 'Use a SELECT, or the command "Joinery: Preview Changes on a Copy".',
  'sql.unknownName': 'Check the name in the schema of the database.',
  'ask.unanswerable': 'Name tables, columns or values that it has, or choose another database.',
  'ask.noDatabase': 'Add a database file to the workspace, or name one with a line "-- @db path".',
  'ask.ambiguousDatabase': 'Choose one for this folder, or name one with a line "-- @db path".',
  'ask.notAllowed': 'Allow it the schema with the command Joinery: Choose What the Model May See.',
  'agent.valuesNotAllowed':
    'Use describe_schema, find_join_path, explain_query or ask_database, which give no values; or ask the user to run Joinery: Choose What the Model May See.',
  'model.unknown': 'Correct the setting joinery.model.',
  'model.missing': 'Fetch it: about 1 GB, once.',
  'model.truncated': 'Fetch it again.',
  'model.wrongSum': 'Delete the file and fetch it again.',
  'model.tooBig': 'Choose a smaller model in the setting joinery.model.',
  'model.adapterMismatch': 'Correct the setting joinery.adapter.',
  'model.downloadFailed':
    'Check the connection and try again; what has arrived is kept. The setting joinery.model also takes the path of a file.',
  'model.diskFull': 'Free some space, or set joinery.modelFolder to a folder on another disk.',
  'process.startFailed': 'The log says why.',
  'process.deadline': 'Ask again: the schema has been read by then. The setting joinery.inlineTimeBudget gives more time.',
  internal: 'The log has the details; please report it.',
};

/** A button under a message; the command is run when it is pressed. */
export interface ErrorAction {
  readonly title: string;
  readonly command: string;
}

const fetchModel: ErrorAction = { title: 'Fetch Model', command: commandIds.fetchModel };
const choosePermission: ErrorAction = { title: 'Choose', command: commandIds.choosePermission };
const showLog: ErrorAction = { title: 'Show Log', command: commandIds.showLog };
const repair: ErrorAction = { title: 'Repair with the Model', command: commandIds.repair };
const chooseDatabase: ErrorAction = { title: 'Choose Database', command: commandIds.chooseDatabase };

export const errorActions: Readonly<Partial<Record<ErrorCode, ErrorAction>>> = {
  'model.missing': fetchModel,
  'model.truncated': fetchModel,
  'model.wrongSum': fetchModel,
  'model.downloadFailed': fetchModel,
  'sql.syntax': repair,
  'sql.unknownName': repair,
  'ask.noDatabase': chooseDatabase,
  'ask.ambiguousDatabase': chooseDatabase,
  'ask.unanswerable': chooseDatabase,
  'ask.notAllowed': choosePermission,
  'file.vanished': chooseDatabase,
  'file.missing': chooseDatabase,
  'ask.untrusted': { title: 'Manage Trust', command: 'workbench.trust.manage' },
  'process.died': showLog,
  'process.startFailed': showLog,
  'process.outOfMemory': showLog,
  'process.wrongVersion': showLog,
  internal: showLog,
};
