/**
 * Every error code as an English sentence and a next step. The terminal fills them as they are; the editor translates the
 * templates first. `{name}` is an argument of the error; a part in square brackets is left out when one of its arguments is
 * missing, so that a code may be thrown from places that know less.
 */
import { type ErrorArguments, type ErrorCode } from '../../core/shared/errors.js';

export interface ErrorWords {
  readonly sentence: string;
  /** What the reader can do now. */
  readonly next: string;
}

export const errorSentences: Readonly<Record<ErrorCode, ErrorWords>> = {
  'file.missing': { sentence: 'There is no file[ {path}].', next: 'Check the path.' },
  'file.notSqlite': { sentence: 'The file[ {path}] is not a SQLite database.', next: 'Choose a file that SQLite wrote.' },
  'file.empty': {
    sentence: 'The file[ {path}] is empty: no database was written to it yet.',
    next: 'Create a table in it first, or choose another file.',
  },
  'file.truncated': {
    sentence: 'The database[ {path}] is shorter than its header says: a copy was probably cut off.',
    next: 'Copy or download it again.',
  },
  'file.corrupt': {
    sentence: 'The database[ {path}] has damaged pages.',
    next: 'Run PRAGMA integrity_check on a copy, and restore a backup or use the .recover command of sqlite3.',
  },
  'file.encrypted': { sentence: 'The database[ {path}] seems to be encrypted.', next: 'Decrypt a copy with the tool that encrypted it.' },
  'file.locked': { sentence: 'Another program is writing to the database[ {path}].', next: 'Wait until it has finished and try again.' },
  'file.unfinished': {
    sentence: 'The database[ {path}] holds an unfinished change of a program that ended too early.',
    next: 'Open it once with a program that may write, such as sqlite3: SQLite then takes the change back.',
  },
  'file.vanished': {
    sentence: 'The database[ {path}] was deleted or replaced while it was open.',
    next: 'Ask again when the file is back.',
  },
  'file.walReadOnly': {
    sentence: 'The database[ {path}] has a write-ahead log but its folder cannot be written, so SQLite cannot read it.',
    next: 'Copy the database with its -wal file to a folder that you can write to.',
  },
  'file.noPermission': { sentence: 'You may not read[ {path}].', next: 'Change the permissions of the file or of its folder.' },
  'file.directory': { sentence: '[{path} is a folder, ]not a database file.', next: 'Give the path of a file.' },
  'file.notRegular': { sentence: '[{path} is a pipe or a device, ]not a regular file.', next: 'Give the path of a database file.' },
  'file.diskFull': { sentence: 'The disk is full[: {path} cannot be written].', next: 'Free some space and try again.' },

  'sql.multiple': { sentence: 'Only one statement can be run at a time.', next: 'Run the statements one by one.' },
  'sql.notReadOnly': {
    sentence: 'The statement could change something[: {statement}]; Joinery only reads.',
    next: 'Use a SELECT, or run it in a tool that writes.',
  },
  'sql.syntax': { sentence: 'SQLite does not understand the statement[: {message}].', next: 'Correct the statement.' },
  'sql.unknownName': {
    sentence: 'The statement uses a name that the database does not have[: {name}].',
    next: 'Check the name with `joinery schema`.',
  },
  'sql.doubleQuotedString': {
    sentence: 'No column is called[ "{name}"]; SQLite would take the double quotes for a text.',
    next: 'Use single quotes for texts.',
  },
  'sql.timeout': { sentence: 'The statement was stopped[ after {timeoutMs} ms].', next: 'Narrow it down, or add a LIMIT.' },
  'sql.empty': { sentence: 'There is no statement.', next: 'Write one.' },
  'sql.failed': { sentence: 'SQLite reported an error[: {message}].', next: 'Look at the statement and the data that it reads.' },
  'sql.tooManyColumns': {
    sentence: 'The result has too many columns[: {columns}, at most {limit}].',
    next: 'Name the columns that you need.',
  },
  'sql.rowTooLarge': {
    sentence: 'A row of the result is too large to be shown.',
    next: 'Leave out the large column, or take its length().',
  },
  'sql.columnsChanged': {
    sentence: 'The statement has other columns now: the database was changed.',
    next: 'Run the statement again.',
  },
  'sql.notPreviewable': {
    sentence: 'The script holds something that cannot be tried on a copy first[: {statement}].',
    next: 'Leave it out; changes run in one transaction of one database.',
  },

  'write.changed': {
    sentence: 'The database[ {path}] was changed since the preview, so nothing was written to it.',
    next: 'Preview the statements again.',
  },
  'write.different': {
    sentence: 'The statements did something else on the database[ {path}] than on the copy, so everything was taken back.',
    next: 'Preview them again; values such as random() differ from run to run.',
  },

  'join.noPath': {
    sentence: 'No relation leads from[ {from}][ to {to}].',
    next: 'Declare a foreign key, or choose tables that are connected.',
  },
  'join.severalDatabases': {
    sentence: 'The tables are in different databases, and a statement reads one database.',
    next: 'Choose tables of one database.',
  },
  'join.present': { sentence: 'The statement joins these tables already.', next: 'Move the cursor to another statement.' },
  'join.gone': { sentence: 'The relation is no longer there[: {relation}].', next: 'Refresh the databases and look again.' },

  'ask.empty': { sentence: 'There is no question.', next: 'Type what you want to know, such as "top 5 customers by revenue".' },
  'ask.tooLong': {
    sentence: 'The question is too long[: {words} words, at most {limit}][: {tokens} tokens, at most {limit}].',
    next: 'Ask for one thing in a sentence or two.',
  },
  'ask.unanswerable': {
    sentence: 'This database does not seem to hold what the question asks for[: nothing matches {words}].',
    next: 'Name tables, columns or values that it has; `joinery schema` lists them.',
  },
  'ask.noRunnableCandidate': {
    sentence: 'No SQL was found that runs on this database.',
    next: 'Say it in other words, closer to the names of tables and columns.',
  },
  'ask.noDatabase': { sentence: 'There is no SQLite database[ in {folder}].', next: 'Give the path of a database file.' },
  'ask.ambiguousDatabase': {
    sentence: 'There are several databases[: {databases}].',
    next: 'Say which one, by its path after the question.',
  },
  'ask.notEnglish': {
    sentence: 'The question does not seem to be English.',
    next: 'Ask in English; names and values may be in any language.',
  },
  'ask.isSql': { sentence: 'This is SQL already, not a question.', next: 'Run it as it is, or describe in words what you want.' },
  'ask.untrusted': { sentence: 'Questions do not run in an untrusted workspace.', next: 'Trust the workspace first.' },
  'ask.notAllowed': {
    sentence: 'The model may see nothing of this database[: {database}].',
    next: 'Allow it the schema, if you want answers: set JOINERY_MAY_SEE to schema or schemaAndSamples.',
  },

  'agent.badInput': {
    sentence: 'The input[ of {tool}] is not right[: {name}][ {detail}].',
    next: 'Call it again with the input that its description asks for.',
  },
  'agent.unknownDatabase': {
    sentence: 'No database is called[ {database}][; there are {known}].',
    next: 'Use a name that list_databases gives.',
  },
  'agent.valuesNotAllowed': {
    sentence: 'The model may see the schema of {database}, but no values of its data.',
    next: 'Use describe_schema, find_join_path, explain_query or ask_database, which give no values; or ask the user to allow samples.',
  },

  'server.unreachable': {
    sentence: 'The model server[ {url}] does not answer[: {detail}].',
    next: 'Check its address and that it runs, or go back to the model of this machine.',
  },
  'server.refused': {
    sentence: 'The model server[ {url}] refused the request[: {status}][ {detail}].',
    next: 'Check the key, the name of the model and its context size.',
  },
  'server.badAnswer': {
    sentence: 'The model server[ {url}] gave no answer that can be read[: {detail}].',
    next: 'Check that the address is that of an OpenAI-compatible server and ends in /v1.',
  },
  'server.notAllowed': {
    sentence: 'You have not agreed that questions and schemas are sent to[ {url}].',
    next: 'Agree to it, or go back to the model of this machine.',
  },

  'model.unknown': {
    sentence: 'No model is called[ {id}][; there are {known}].',
    next: 'See `joinery models list`, or add your own with `joinery models add <file>`.',
  },
  'model.missing': { sentence: 'The model[ {id}] is not on this machine.', next: 'Fetch it with `joinery models fetch[ {id}]`.' },
  'model.truncated': {
    sentence: 'The file of the model[ {id}] is not whole[: {bytes} of {wantedBytes} bytes].',
    next: 'Fetch it again with `joinery models fetch[ {id}]`.',
  },
  'model.wrongSum': {
    sentence: 'The file of the model[ {id}] does not have the right checksum.',
    next: 'Remove it with `joinery models remove[ {id}]` and fetch it again.',
  },
  'model.badArchitecture': {
    sentence: 'The model[ {id}] cannot write text here[ (architecture {architecture})].',
    next: 'Use a text-generating model in GGUF form.',
  },
  'model.tooBig': {
    sentence: 'The model[ {id}] does not fit into memory[: {needBytes} bytes needed, {haveBytes} there].',
    next: 'Use a smaller model; see `joinery models list`.',
  },
  'model.adapterMismatch': {
    sentence: 'The adapter[ {id}] was not made for the model[ {base}].',
    next: 'Use it with its own base; `joinery models list` names it.',
  },
  'model.adapterOutdated': {
    sentence: 'The adapter[ {id}] was trained for other prompts[ ({version})] than this version of Joinery writes.',
    next: 'Train it again, or use an adapter that came with this version.',
  },
  'model.notGguf': { sentence: '[{path} is ]not a GGUF model file.', next: 'Give the path of a .gguf file.' },
  'model.badRanker': { sentence: 'The ranker[ {path}] cannot be used[: {detail}].', next: 'Train it again, or leave it out.' },
  'model.downloadFailed': {
    sentence: 'The model[ {id}] could not be fetched[ ({reasons})].',
    next: 'Check the connection and try again; what has arrived is kept. A file from elsewhere can be added with `joinery models add <file>`.',
  },
  'model.diskFull': {
    sentence: 'There is not enough space on the disk[ for {id}][ in {folder}][: {needBytes} bytes needed].',
    next: 'Free some space, or set JOINERY_MODEL_DIR to a folder on another disk.',
  },
  'model.busy': { sentence: 'The model is busy with another question.', next: 'Try again in a moment.' },

  'pack.unavailable': {
    sentence: 'There is no pack[ {id}] for this machine[ ({platform})].',
    next: 'Nothing is missing: Vulkan and the processor need no pack.',
  },
  'pack.fetchFailed': {
    sentence: 'The pack[ {id}] could not be fetched[ ({reason})].',
    next: 'Check the connection and try again; what has arrived is kept. Until then Vulkan or the processor is used.',
  },

  'training.untrusted': { sentence: 'Nothing is trained in an untrusted workspace.', next: 'Trust the workspace first.' },
  'training.busy': { sentence: 'A model is being fine-tuned already.', next: 'Wait until it has finished, or cancel it.' },
  'training.noPython': {
    sentence: 'No Python was found[ at {path}][; version {wanted} or newer is needed].',
    next: 'Install Python[ {wanted}] or newer, with its venv module, or install uv, which brings one.',
  },
  'training.pythonTooOld': {
    sentence: 'The Python[ {path}] is too old[: {version}, needed is {wanted} or newer].',
    next: 'Install a newer Python, or uv, which brings one.',
  },
  'training.noNetwork': {
    sentence: 'The packages of the trainer could not be fetched[: {detail}].',
    next: 'Check the connection and the proxy and try again; nothing half-made is left.',
  },
  'training.diskFull': {
    sentence: 'There is not enough space on the disk[ in {folder}][: {need} needed, {have} free].',
    next: 'Free some space and try again; a run goes on from its last checkpoint.',
  },
  'training.environmentFailed': {
    sentence: 'The Python environment of the trainer could not be made[: {detail}].',
    next: 'The log has the details; an interpreter of your own can be named in the setting joinery.trainerPython.',
  },
  'training.interpreterLacks': {
    sentence: 'The Python[ {path}] cannot run the trainer[: {detail}].',
    next: 'Install the packages into it that[ {folder}/]pyproject.toml lists, or leave the setting joinery.trainerPython empty.',
  },
  'training.noData': {
    sentence: 'There is nothing to learn from[: {detail}].',
    next: 'Choose databases with tables and rows, or let questions be made from them.',
  },
  'training.notBetter': {
    sentence: 'The adapter is not proven better than the current model[: its gain lies between {low} and {high} points].',
    next: 'Train longer, or with more questions.',
  },
  'training.noAdapter': { sentence: 'The adapter[ {id}][ {path}] is not there.', next: 'Choose another one, or train again.' },
  'training.failed': { sentence: 'The training failed[: {detail}].', next: 'The log of the run has the details.' },
  'training.noMemory': {
    sentence: 'The memory is not enough for training[: {need} needed, {have} there].',
    next: 'Close other programs, or choose a smaller model; the run goes on from its last checkpoint.',
  },

  'process.died': { sentence: 'The model process ended unexpectedly[ ({detail})].', next: 'Ask again: it is started anew.' },
  'process.startFailed': {
    sentence: 'The model process could not be started[: {detail}][: {reason}].',
    next: 'Run `joinery doctor` to see why.',
  },
  'process.wrongVersion': { sentence: 'The model process belongs to another version of Joinery.', next: 'Install Joinery again.' },
  'process.deadline': {
    sentence: 'The answer took too long[: more than {ms} ms].',
    next: 'Ask again with more time, or use a smaller model.',
  },
  'process.outOfMemory': { sentence: 'The memory is not enough for the model.', next: 'Close other programs, or use a smaller model.' },

  'config.invalid': { sentence: 'A setting is not valid[: {name} {value}][: {detail}][ ({path})].', next: 'Correct it and try again.' },
  cancelled: { sentence: 'Cancelled.', next: 'Ask again whenever you like.' },
  internal: {
    sentence: 'Something went wrong inside Joinery[: {reason}].',
    next: 'Please report it, with the output of `joinery doctor`.',
  },
};

/** Fills a template; a bracketed part whose argument is missing disappears. Lists are joined with commas. */
export function fillSentence(template: string, details: ErrorArguments): string {
  const fill = (text: string): string => text.replace(/\{(\w+)\}/g, (_, name: string) => wordsOf(details[name]));
  const isKnown = (part: string): boolean => [...part.matchAll(/\{(\w+)\}/g)].every(([, name = '']) => wordsOf(details[name]) !== '');
  // One pass, so that brackets and braces inside a value stay what they are.
  const filled = template
    .replace(/\[([^\]]*)\]|\{\w+\}/g, (match, part: string | undefined) => {
      if (part === undefined) return fill(match);
      return isKnown(part) ? fill(part) : '';
    })
    .trim();
  return filled.charAt(0).toUpperCase() + filled.slice(1);
}

function wordsOf(value: ErrorArguments[string] | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'object' ? value.join(', ') : String(value);
}

/** The whole text for an error, sentence and next step, in English. */
export function describeError(code: ErrorCode, details: ErrorArguments): { sentence: string; next: string } {
  const words = errorSentences[code];
  return { sentence: fillSentence(words.sentence, details), next: fillSentence(words.next, details) };
}
