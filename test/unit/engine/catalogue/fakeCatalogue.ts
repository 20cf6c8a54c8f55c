/** A catalogue over plain schemas, for tests of what builds on it. */
import { CancellationSource, type CancellationToken } from '../../../../src/core/shared/cancellation.js';
import { JoineryError } from '../../../../src/core/shared/errors.js';
import { declaredRelations } from '../../../../src/core/graph/declaredRelations.js';
import { buildJoinGraph } from '../../../../src/core/graph/joinGraph.js';
import { Emitter } from '../../../../src/core/shared/event.js';
import { type DatabaseSchema } from '../../../../src/core/schema/types.js';
import { type Catalogue } from '../../../../src/engine/catalogue/types.js';

export function fakeCatalogue(schemas: ReadonlyMap<string, DatabaseSchema>): Catalogue {
  return {
    async open(path) {
      const schema = schemas.get(path);
      if (!schema) throw new JoineryError('file.missing', { path });
      const unused = (): never => {
        throw new Error('not part of this test');
      };
      const database = { path, run: unused, prepare: unused, changeStamp: unused, close: unused };
      return {
        knowledge: { schema, relations: declaredRelations(schema), profiles: [] },
        database,
        indexed: true,
        joinGraph: buildJoinGraph(declaredRelations(schema)),
        onChanged: new Emitter<void>().event,
        inclusionOf: unused,
        joinTrees: unused,
        findValues: unused,
        smallDomain: unused,
        whenIndexed: unused,
        setRelation: unused,
        verdicts: new Map(),
        forgetVerdicts: unused,
      };
    },
    close: () => Promise.resolve(),
  };
}

export function createCancelled(): CancellationToken {
  const source = new CancellationSource();
  source.cancel();
  return source.token;
}
