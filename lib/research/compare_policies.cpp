#include <aisci/compare_policies.hpp>

#include <aisci/mcts/search.hpp>
#include <aisci/statistics/bootstrap.hpp>
#include <aisci/statistics/paired.hpp>

#include <algorithm>
#include <cmath>
#include <exception>
#include <map>
#include <set>
#include <thread>

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "research/evaluations.hpp"
#include "research/search_ground.hpp"

namespace aisci {
namespace {

constexpr const char* kDrafts = "drafts";  // the policy that the engine has as options
constexpr std::uint32_t kNothing = std::numeric_limits<std::uint32_t>::max();

struct Game {
  std::uint32_t published = kNothing;
  double nodes = 0, replicates = 0, failed = 0;
};

Result<mcts::Search> make_search(const std::string& policy, const ComparisonOptions& options, std::uint64_t seed) {
  mcts::Options engine;
  engine.policy = policy;
  engine.budget = options.budget;
  engine.seed = seed;
  if (policy == kDrafts) {
    engine.policy = "random";
    engine.expand = false;
    engine.drafts = options.budget;
  }
  return mcts::Search::create(engine);
}

Result<Game> play(const std::string& policy, const ComparisonOptions& options, std::uint64_t seed, Ground& ground) {
  AISCI_ASSIGN_OR_RETURN(mcts::Search search, make_search(policy, options, seed));
  Game game;
  std::vector<std::uint32_t> configurations;  // by node
  while (const auto lease = search.ask()) {
    if (options.cancelled && *options.cancelled) return cancelled("the comparison was stopped");
    configurations.resize(std::max<std::size_t>(configurations.size(), lease->node + 1));
    std::uint32_t& configuration = configurations[lease->node];
    switch (lease->kind) {
      case mcts::Kind::kDraft:
        configuration = ground.draft();
        break;
      case mcts::Kind::kImprove:
        configuration = ground.improve(configurations[lease->parent]);
        break;
      case mcts::Kind::kDebug:
        configuration = configurations[lease->parent];
        break;
      case mcts::Kind::kReplicate:
        ++game.replicates;
        break;
    }
    AISCI_ASSIGN_OR_RETURN(const Evaluation evaluation, ground.run(configuration));
    game.failed += evaluation.failed;
    AISCI_RETURN_IF_ERROR(
        search.tell(*lease, {.value = evaluation.score, .cost = evaluation.cost, .failed = evaluation.failed})
            .status()
            .with_context("what the evaluator gave"));
  }
  game.nodes = static_cast<double>(search.nodes().size() - 1);
  if (const auto best = search.best()) game.published = configurations[*best];
  return game;
}

// Does `job(i)` for all i below `count`, on `threads` threads; the first failure ends it. What is thrown does too, and
// comes out once all threads have ended.
Status in_parallel(std::size_t count, unsigned threads, const std::function<Status(std::size_t)>& job) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  Status first;
  std::exception_ptr thrown;
  const auto work = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      Status status;
      std::exception_ptr caught;
      try {
        status = job(i);
      } catch (...) {
        caught = std::current_exception();
      }
      if (status.ok() && !caught) continue;
      next = count;
      const std::lock_guard lock{mutex};
      if (first.ok()) first = status;
      if (!thrown) thrown = caught;
    }
  };
  std::vector<std::thread> others;
  for (unsigned t = 1; t < std::min<std::size_t>(threads, count); ++t) others.emplace_back(work);
  work();
  for (auto& thread : others) thread.join();
  if (thrown) std::rethrow_exception(thrown);
  return first;
}

struct Estimate {
  double mean = 0, lower = 0, upper = 0;
};

Estimate estimate(const std::vector<double>& values) {
  if (values.size() >= statistics::kLeastBootstrapValues)
    if (const auto interval = statistics::bootstrap_mean(values); interval.ok())
      return {interval->estimate, interval->lower, interval->upper};
  const auto t = statistics::paired_t(values);
  return t.ok() ? Estimate{t->mean, t->lower, t->upper} : Estimate{};
}

Status check(const ComparisonOptions& options) {
  if (options.policies.empty()) return invalid_argument("name at least one policy");
  if (options.budget == 0 || options.repetitions < 2 || options.fresh == 0 || options.parallel == 0)
    return invalid_argument("a comparison needs a budget, fresh evaluations and a thread, and two repetitions");
  if (!(options.failures >= 0 && options.failures < 1))
    return invalid_argument("the share of failures must be at least 0 and below 1");
  const auto engines = mcts::policy_names();
  std::string known;
  for (const auto& name : engines) known += name + ", ";
  std::set<std::string> names;
  for (const auto& policy : options.policies) {
    if (policy != kDrafts && std::find(engines.begin(), engines.end(), policy) == engines.end())
      return invalid_argument("unknown policy \"" + policy + "\"; known are " + known + kDrafts);
    if (!names.insert(policy).second) return invalid_argument("the policy " + policy + " is named twice");
    AISCI_RETURN_IF_ERROR(make_search(policy, options, 0).status());
  }
  return {};
}

Status check(const SearchSpace& space) {
  std::set<std::string> names;
  bool choice = false;
  for (const auto& factor : space.factors) {
    if (!names.insert(factor.name).second) return invalid_argument("the factor " + factor.name + " is there twice");
    if (factor.levels.empty()) return invalid_argument("the factor " + factor.name + " has no levels");
    for (const auto& level : factor.levels)
      AISCI_RETURN_IF_ERROR(parse_json(level, "a level of " + factor.name).status());
    choice = choice || factor.levels.size() > 1;
  }
  return choice ? Status{} : invalid_argument("the space needs a factor with two levels or more");
}

// What both ways of comparing share: the games, told as they end, and the table.
using Games = std::vector<std::vector<Game>>;  // by repetition, by policy
using PlayOne = std::function<Result<Game>(const std::string& policy, std::size_t repetition)>;

Result<Games> play_all(const ComparisonOptions& options, double share, const PlayOne& play_one) {
  Games games(options.repetitions, std::vector<Game>(options.policies.size()));
  std::atomic<std::size_t> done{0};
  const std::size_t all = games.size() * options.policies.size();
  AISCI_RETURN_IF_ERROR(in_parallel(games.size(), options.parallel, [&](std::size_t r) -> Status {
    for (std::size_t p = 0; p < options.policies.size(); ++p) {
      AISCI_ASSIGN_OR_RETURN(games[r][p], play_one(options.policies[p], r));
      const std::size_t now = ++done;
      if (options.tell)
        options.tell("search " + std::to_string(now) + " of " + std::to_string(all) + ": " + options.policies[p],
                     share * static_cast<double>(now) / static_cast<double>(all));
    }
    return {};
  }));
  return games;
}

// `value` of a published configuration, NaN when it is not known; `name` is what people call it.
Comparison tabulate(const Games& games, const ComparisonOptions& options, bool higher_is_better,
                    const std::function<double(std::size_t repetition, const Game&)>& value,
                    const std::function<std::string(std::size_t repetition, const Game&)>& name) {
  Comparison table;
  table.measure = higher_is_better ? "score" : "regret";
  table.budget = options.budget;
  table.repetitions = options.repetitions;
  double worst = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t p = 0; p < options.policies.size(); ++p) {
    PolicyScore& score = table.policies.emplace_back();
    score.policy = options.policies[p];
    std::map<std::string, std::uint32_t> published;
    for (std::size_t r = 0; r < games.size(); ++r) {
      const Game& game = games[r][p];
      score.nodes += game.nodes, score.replicates += game.replicates, score.failed += game.failed;
      const double v = game.published == kNothing ? std::numeric_limits<double>::quiet_NaN() : value(r, game);
      score.values.push_back(v);
      score.unpublished += std::isnan(v);
      if (!std::isnan(v)) ++published[name(r, game)];
      worst = higher_is_better ? std::fmin(worst, v) : std::fmax(worst, v);
    }
    for (double* const sum : {&score.nodes, &score.replicates, &score.failed}) *sum /= options.repetitions;
    for (const auto& [text, count] : published)
      if (count > score.most_published_by) score.most_published = text, score.most_published_by = count;
  }
  for (PolicyScore& score : table.policies) {
    std::vector<double> differences;
    for (std::size_t r = 0; r < games.size(); ++r) {
      double& v = score.values[r];
      if (std::isnan(v)) v = worst;
      differences.push_back(v - table.policies[0].values[r]);
    }
    const Estimate own = estimate(score.values);
    score.mean = own.mean, score.lower = own.lower, score.upper = own.upper;
    if (&score == &table.policies[0]) continue;
    const Estimate to = estimate(differences);
    score.difference = to.mean, score.difference_lower = to.lower, score.difference_upper = to.upper;
    const bool above = to.lower > 0, below = to.upper < 0;
    score.against_first = !above && !below ? "equal" : above == higher_is_better ? "better" : "worse";
  }
  return table;
}

// The mean of the fresh evaluations of every configuration that was published.
Result<std::map<std::string, double>> judge(const std::set<std::string>& published, Evaluations& evaluations,
                                            const ComparisonOptions& options, double share) {
  const std::vector<std::string> list{published.begin(), published.end()};
  std::vector<double> means(list.size());
  std::atomic<std::size_t> done{0};
  AISCI_RETURN_IF_ERROR(in_parallel(list.size(), options.parallel, [&](std::size_t i) -> Status {
    double sum = 0, count = 0;
    for (std::uint32_t k = 0; k < options.fresh; ++k) {
      if (options.cancelled && *options.cancelled) return cancelled("the comparison was stopped");
      AISCI_ASSIGN_OR_RETURN(const Evaluation one,
                             evaluations.get(list[i], seed_from(mix64(options.seed ^ mix64(k)), true)));
      if (!one.failed) sum += one.score, count += 1;
    }
    means[i] = count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
    const std::size_t now = ++done;
    if (options.tell)
      options.tell("judged " + std::to_string(now) + " of " + std::to_string(list.size()) + " published configurations",
                   share + (1 - share) * static_cast<double>(now) / static_cast<double>(list.size()));
    return {};
  }));
  std::map<std::string, double> by_name;
  for (std::size_t i = 0; i < list.size(); ++i) by_name[list[i]] = means[i];
  return by_name;
}

}  // namespace

Result<SearchSpace> read_search_space(const std::filesystem::path& file) {
  AISCI_ASSIGN_OR_RETURN(const std::string text, read_file(file));
  AISCI_ASSIGN_OR_RETURN(const json::object document, parse_json_object(text, file.string()));
  SearchSpace space;
  const json::value* inner = document.if_contains("space");
  for (const auto& factor : inner && inner->is_object() ? inner->as_object() : document) {
    SearchFactor& one = space.factors.emplace_back();
    one.name = factor.key();
    const json::array* levels = factor.value().if_array();
    if (!levels) return invalid_argument(file.string() + ": the levels of " + one.name + " must be a list");
    for (const auto& level : *levels) one.levels.push_back(canonical(level));
  }
  if (const Status status = check(space); !status.ok()) return status.with_context(file.string());
  return space;
}

Result<Comparison> compare_policies(const SearchSpace& space, const Evaluator& evaluator,
                                    const ComparisonOptions& options) {
  constexpr double kSearches = 0.9;  // their share of the progress
  AISCI_RETURN_IF_ERROR(check(options));
  AISCI_RETURN_IF_ERROR(check(space));
  std::string problem;
  for (const auto& factor : space.factors) {
    problem += factor.name;
    for (const auto& level : factor.levels) problem += "\n " + level;
    problem += "\n";
  }
  AISCI_ASSIGN_OR_RETURN(const auto evaluations, Evaluations::open(evaluator, problem, options.journal));
  std::vector<std::vector<std::string>> names(options.repetitions);  // of what was published, in order of policies
  const auto play_one = [&](const std::string& policy, std::size_t r) -> Result<Game> {
    const std::uint64_t seed = mix64(options.seed) + r;
    SpaceGround ground{space, *evaluations, seed};
    AISCI_ASSIGN_OR_RETURN(Game game, play(policy, options, seed, ground));
    if (game.published == kNothing) return game;
    names[r].push_back(configuration_text(space, ground.levels(game.published)));
    game.published = static_cast<std::uint32_t>(names[r].size() - 1);
    return game;
  };
  AISCI_ASSIGN_OR_RETURN(const Games games, play_all(options, kSearches, play_one));
  std::set<std::string> published;
  for (const auto& list : names) published.insert(list.begin(), list.end());
  AISCI_ASSIGN_OR_RETURN(const auto means, judge(published, *evaluations, options, kSearches));
  const auto name = [&](std::size_t r, const Game& game) { return names[r][game.published]; };
  Comparison table = tabulate(
      games, options, true, [&](std::size_t r, const Game& game) { return means.at(name(r, game)); }, name);
  table.evaluated = evaluations->made();
  table.reused = evaluations->reused();
  return table;
}

Result<Comparison> compare_policies_on(const std::filesystem::path& file, const ComparisonOptions& options) {
  AISCI_RETURN_IF_ERROR(check(options));
  if (!options.journal.empty()) return invalid_argument("a landscape is evaluated already: it needs no journal");
  AISCI_ASSIGN_OR_RETURN(Landscape landscape, read_landscape(file.string()));
  landscape.failure = options.failures;
  const auto play_one = [&](const std::string& policy, std::size_t r) -> Result<Game> {
    const std::uint64_t seed = options.seed + r;
    TableGround ground{landscape, seed};
    return play(policy, options, seed, ground);
  };
  AISCI_ASSIGN_OR_RETURN(const Games games, play_all(options, 1.0, play_one));
  Comparison table = tabulate(
      games, options, false, [&](std::size_t, const Game& game) { return landscape.regret(game.published); },
      [&](std::size_t, const Game& game) { return "row " + std::to_string(game.published); });
  for (const auto& repetition : games)
    for (const Game& game : repetition) table.evaluated += static_cast<std::uint64_t>(game.nodes + game.replicates);
  return table;
}

}  // namespace aisci
