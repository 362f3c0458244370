// The words around the arms of a comparison.
#include <set>

#include "question_arms.hpp"
#include "question_words.hpp"

namespace aisci::offline {

bool is_scenery(std::string_view token) {
  static const std::set<std::string_view> kWords = {
      // of what is compared, without naming it
      "method", "methods", "approach", "approaches", "technique", "techniques", "algorithm", "algorithms", "variant",
      "variants", "version", "versions", "strategy", "strategies", "procedure", "procedures", "option", "options",
      "system", "systems", "rule", "rules", "way", "ways", "kinds", "types", "form", "forms", "rival", "rivals",
      "competitor", "competitors", "counterpart", "counterparts", "baselines", "combination", "combinations", "ones",
      "value", "values", "level", "levels", "units", "unit", "weights", "weight", "parameter", "parameters", "learner",
      "learners", "classifier", "classifiers", "regressor", "predictor", "predictors", "architecture", "architectures",
      // of what is measured and where
      "validation", "results", "result", "score", "scores", "quality", "mean", "average", "median", "final", "speed",
      "task", "tasks", "problem", "problems", "benchmark", "benchmarks", "example", "examples", "sample", "samples",
      "row", "rows", "feature", "features", "label", "labels", "columns", "column", "text", "corpus", "corpora",
      "epoch", "epochs", "step", "steps", "seed", "seeds", "run", "runs", "time", "times", "budget", "budgets",
      "compute", "cost", "costs", "gradient", "gradients", "loss", "losses", "error", "errors", "noise",
      // of how much
      "amount", "amounts", "percent", "percentage", "point", "points", "half", "twice", "double", "couple", "dozen",
      "four", "five", "six", "seven", "eight", "nine", "ten", "first", "second", "third", "single", "multiple",
      "several", "enough", "little", "limited", "scarce", "extra", "additional", "moderate", "mild", "heavy", "light",
      "aggressive", "strong", "weak", "weaker", "greater", "bigger", "big", "tiny", "huge", "long", "longer", "short",
      "shorter", "deeper", "wider", "narrower", "shallower", "heavier", "lighter", "fewer", "faster", "slower", "fast",
      "slow", "quick", "higher", "early", "late", "earlier", "later",
      // of what kind
      "adaptive", "regularised", "regularized", "unregularised", "unregularized", "tuned", "untuned", "well", "cheap",
      "cheaper", "costly", "clever", "fancy", "complex", "complicated", "sophisticated", "advanced", "popular", "naive",
      "new", "newer", "old", "older", "recent", "novel", "similar", "equal", "certain", "given", "own", "known",
      "unknown", "proper", "careful", "suitable", "right", "wrong", "full", "whole", "pure", "mere", "clean", "noisy",
      "robust", "stable", "accurate", "useful", "harmful", "effective", "possible", "necessary", "important",
      "equivalent", "usable", "actual", "real", "main", "key", "medium", "mid", "based",
      // of who says so
      "you", "people", "researchers", "practitioners", "theory", "literature", "papers", "i", "us", "them", "he", "she",
      "thought", "believed", "claimed", "reported", "assumed", "previous", "thinks", "think", "believe", "someone",
      "anyone", "everyone", "nobody", "who",
      // of what is done
      "adding", "add", "making", "doing", "having", "getting", "taking", "applying", "apply", "applied", "training",
      "optimising", "optimizing", "learned", "fitting", "fitted", "tuning", "building", "switching", "replacing",
      "collecting", "choose", "chosen", "picking", "keeping", "increasing", "decreasing", "reducing", "raising",
      "lowering", "varying", "combined", "combining", "stacking", "stacked", "together", "alone", "else", "too",
      "again", "instead", "rather", "once", "ever", "already", "yet", "now", "much", "far", "nearly", "almost", "quite",
      "existing", "reference", "competing", "remaining", "rest", "itself", "themselves", "true", "case", "worth"};
  return is_plain_word(token) || kWords.count(token) > 0 ||
         (token.size() > 4 && (token.ends_with("ly") || token.ends_with("ised") || token.ends_with("ized")));
}

}  // namespace aisci::offline
