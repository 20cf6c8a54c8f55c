/**
 * The language room in one piece, so that the editor can load it when SQL is first written and not on activation. It adds nothing
 * to what it names.
 */
import { ScriptChecker } from '../../core/language/checkScript.js';
import { completeSql } from '../../core/language/completeSql.js';
import { ddlText } from '../../core/language/ddlText.js';
import { findEmbeddedSql } from '../../core/language/embeddedSql.js';
import { fixFault } from '../../core/language/fixFault.js';
import { foldingSql } from '../../core/language/foldingSql.js';
import { looksForeign } from '../../core/language/foreignDialect.js';
import { formatEmbedded } from '../../core/language/formatEmbedded.js';
import { formatStatements } from '../../core/language/formatStatements.js';
import { languageSchema } from '../../core/language/languageSchema.js';
import { nameAt } from '../../core/language/nameAt.js';
import { outlineSql } from '../../core/language/outlineSql.js';
import { renameable, renameInSql } from '../../core/language/renameInSql.js';
import { NameResolver } from '../../core/language/resolveNames.js';
import { readScript, statementAt } from '../../core/language/script.js';
import { semanticSql } from '../../core/language/semanticSql.js';
import { signatureAt } from '../../core/language/signatureAt.js';
import { functionForms, signatureText } from '../../core/language/sqlFunctions.js';
import { StatementChecks } from '../check/statementChecks.js';

export const sqlLanguage = {
  ScriptChecker,
  StatementChecks,
  NameResolver,
  completeSql,
  ddlText,
  findEmbeddedSql,
  fixFault,
  foldingSql,
  formatEmbedded,
  formatStatements,
  functionForms,
  languageSchema,
  looksForeign,
  nameAt,
  outlineSql,
  readScript,
  renameable,
  renameInSql,
  semanticSql,
  signatureAt,
  signatureText,
  statementAt,
} as const;

export type SqlLanguage = typeof sqlLanguage;
