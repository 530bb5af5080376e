/** The only file that imports modules, and only when asked: `SERVICES=order` never loads inventory's code. */
import type { Board } from "#modules/_kit/board.ts";

const boards = {
  account: () => import("#modules/account/index.ts"),
  catalog: () => import("#modules/catalog/index.ts"),
  common: () => import("#modules/common/index.ts"),
  inventory: () => import("#modules/inventory/index.ts"),
  order: () => import("#modules/order/index.ts"),
  promotion: () => import("#modules/promotion/index.ts"),
} satisfies Record<string, () => Promise<{ default: Board }>>;

export type ModuleName = keyof typeof boards;
export const MODULE_NAMES = Object.keys(boards) as ModuleName[];

export const isModuleName = (name: string): name is ModuleName => Object.hasOwn(boards, name);

/** Loads the boards of the modules named, one after the other. */
export const loadBoards = async (names: readonly ModuleName[]): Promise<Board[]> => {
  const loaded = await Promise.all(names.map((name) => boards[name]()));
  return loaded.map((module) => module.default);
};
