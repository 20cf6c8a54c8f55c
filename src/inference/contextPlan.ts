/** How many sequences of how many tokens fit into the memory that is there. */

export interface ContextPlan {
  readonly sequences: number;
  readonly contextSize: number;
}

export interface PlanInput {
  readonly wanted: ContextPlan;
  /** Bytes that may be used beside the model. */
  readonly freeBytes: number;
  readonly bytesOf: (plan: ContextPlan) => Promise<number>;
}

/** Fewer kept prefixes and samples first, then shorter prompts: an answer on a large schema needs its tokens more. */
const leastSequences = 4;
const leastContext = 2_048;

/** The largest plan that fits, at most the wanted one; undefined when not even the smallest does. */
export async function planContext(input: PlanInput): Promise<ContextPlan | undefined> {
  for (const plan of plansOf(input.wanted)) if ((await input.bytesOf(plan)) <= input.freeBytes) return plan;
  return undefined;
}

/** The next smaller plan, for when one that should have fitted did not; undefined below the smallest. */
export function smallerPlan(plan: ContextPlan): ContextPlan | undefined {
  return plansOf(plan)[1];
}

/** From the wanted one downwards. */
function plansOf({ sequences, contextSize }: ContextPlan): ContextPlan[] {
  const plans: ContextPlan[] = [];
  for (let fewer = sequences; fewer > leastSequences; fewer = Math.max(leastSequences, fewer - 2))
    plans.push({ sequences: fewer, contextSize });
  const floor = Math.min(sequences, leastSequences);
  for (let shorter = contextSize; shorter > leastContext; shorter = Math.max(leastContext, Math.floor(shorter * 0.75)))
    plans.push({ sequences: floor, contextSize: shorter });
  const least = Math.min(contextSize, leastContext);
  for (let fewer = floor; fewer >= 1; fewer--) plans.push({ sequences: fewer, contextSize: least });
  return plans;
}
