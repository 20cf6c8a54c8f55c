/** Where the user dragged tables to, per graph and detail: boxes of another detail have other sizes, so their places are others. */
import { type GraphDetail } from '../../../core/presentation/graphBoxes.js';
import { type MovedTables, type Place, type TableName } from '../../../protocol/graphPage.js';
import { type Memory } from '../../services/memory.js';

const key = 'joinery.graphPositions';

type Remembered = Readonly<Record<string, MovedTables>>;

export class MovedTablesMemory {
  constructor(private readonly memory: Memory) {}

  get(scope: string, detail: GraphDetail): MovedTables {
    return this.#all()[nameOf(scope, detail)] ?? {};
  }

  async move(scope: string, detail: GraphDetail, { database, table }: TableName, place: Place): Promise<void> {
    const moved = this.get(scope, detail);
    const next: MovedTables = { ...moved, [database]: { ...moved[database], [table]: place } };
    await this.memory.update(key, { ...this.#all(), [nameOf(scope, detail)]: next });
  }

  async forget(scope: string, detail: GraphDetail): Promise<void> {
    const { [nameOf(scope, detail)]: _gone, ...rest } = this.#all();
    await this.memory.update(key, rest);
  }

  #all(): Remembered {
    return this.memory.get<Remembered>(key, {});
  }
}

function nameOf(scope: string, detail: GraphDetail): string {
  return `${detail} ${scope}`;
}
