#include "level_figures.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "drawn.hpp"
#include "kit/document.hpp"

namespace aisci::analysis {
namespace {

using namespace kit;

constexpr std::size_t kLeastLevels = 3;  // two are a comparison, which the tables have
// From here on levels stand on a logarithmic axis.
constexpr double kSpanOfSizes = 4, kSpanOfDoses = 8;
constexpr const char *kLogarithmic = " The horizontal axis is logarithmic.",
                     *kEqualSteps = " Levels stand at equal distances.";

const json::object& factor_of(const json::object& study, const std::string& name) {
  return object_of(object_at(study, "template.factors"), name);
}

std::string factor_title(const json::object& study, const std::string& name) {
  return text_of(factor_of(study, name), "title", name);
}

bool ordered(const json::object& study, const std::string& name) {
  const auto& levels = array_of(factor_of(study, name), "levels");
  return !levels.empty() && std::all_of(levels.begin(), levels.end(), is_number);
}

// An experiment at a level, which another one is drawn at.
struct Beside {
  std::string node;
  const json::value* level;
};

// Two levels of a factor and where the search ran both in the same blocks: only there can a reader compare them.
struct Pair {
  const json::value *one = nullptr, *other = nullptr;
  std::map<std::string, std::pair<json::object, json::object>> columns;  // by the level of the other factor
  std::map<std::string, std::size_t> blocks, width;  // of the experiment that a column is of: its blocks, its columns
  std::map<std::string, std::string> node;           // that the experiment tested
  std::vector<Beside> beside;                        // other experiments that met the pair at a column

  std::vector<std::string> nodes() const {
    std::vector<std::string> out;
    for (const auto& [at, id] : node)
      if (!contains(out, id)) out.push_back(id);
    return out;
  }
};

// The means of a node's arms that are drawn at a level of `over`, all else usual but the factor that is compared:
// " (GELU: 0.95; ReLU: 0.94)"; empty where no fact holds one.
std::string means_at(const json::object& study, const Beside& other, const std::string& over,
                     const std::string& compared) {
  std::vector<std::string> means;
  for (const auto* node : objects_of(study, "nodes"))
    if (text_of(*node, "id") == other.node)
      for (const auto* arm : objects_of(object_of(*node, "plan"), "arms")) {
        const auto& config = object_of(*arm, "config");
        const std::string name = other.node + "." + text_of(*arm, "id");
        if (const auto* at = find_member(config, over); at && *at == *other.level &&
                                                        usual_but(study, config, {over, compared}) &&
                                                        has(object_of(study, "facts"), name + ".mean"))
          means.push_back("{{arm:" + name + "}}: {{" + name + ".mean}}");
      }
  return means.empty() ? std::string{} : " (" + listed(means, "; ") + ")";
}

// What a caption says of these and of the rule by which one is drawn, with their means where the figure is of levels of
// another factor at those of this one; empty without any.
std::string not_drawn(const json::object& study, const std::string& factor, const std::vector<Beside>& others,
                      const std::string& rule, const std::string& compared = {}) {
  std::vector<std::string> told;
  for (const auto& other : others) {
    std::string one = "{{" + other.node + ".name}} at " + level_reference(study, factor, *other.level) +
                      (compared.empty() ? std::string{} : means_at(study, other, factor, compared));
    if (!contains(told, one)) told.push_back(std::move(one));
  }
  if (told.empty()) return {};
  return " At each level the figure shows " + rule + "; not drawn: " + listed(told) + ".";
}

constexpr const char* kRuleOfPairs = "the node that covers most levels (of equals, that with most blocks)";

// How many blocks there are and where they come from: columns of one experiment share them.
std::string origin(const json::object& study, const Pair& pair, const std::string& over) {
  const auto nodes = pair.nodes();
  if (nodes.size() == 1)
    return blocks_reference(study, nodes) + " blocks, those of {{" + nodes.front() + ".name}} throughout";
  std::vector<std::string> parts;
  for (const auto& id : nodes) {
    std::vector<std::string> levels;
    for (const auto& level : array_of(factor_of(study, over), "levels"))
      if (const auto at = pair.node.find(level_name(level)); at != pair.node.end() && at->second == id)
        levels.push_back(level_reference(study, over, level));
    parts.push_back((levels.size() > 1 ? "the same " : "") + blocks_reference(study, {id}) +
                    (parts.empty() ? " at " : " others at ") + listed(levels) + " ({{" + id + ".name}})");
  }
  return "blocks, " + listed(parts);
}

// What the experiments tested that a figure takes its means from: it draws neither.
std::string tested(const json::object& study, const std::vector<std::string>& nodes) {
  std::vector<std::string> differences, interactions;
  for (const auto* node : objects_of(study, "nodes"))
    if (contains(nodes, text_of(*node, "id")))
      (object_at(*node, "hypothesis.moderator").empty() ? differences : interactions).push_back(text_of(*node, "id"));
  if (differences.empty() && interactions.empty()) return {};
  const auto in = [&](const char* what, const std::vector<std::string>& ids) {
    return what + names_reference(study, ids);
  };
  return " What was tested is " +
         (interactions.empty() ? in("a difference in ", differences)
          : differences.empty()
              ? in("an interaction in ", interactions)
              : in("a difference in ", differences) + " and " + in("an interaction in ", interactions)) +
         ".";
}

// The pair that met at most levels of `over`; of equals the one that the search ran first.
Pair widest_pair(const json::object& study, const std::string& factor, const std::string& over) {
  std::vector<std::pair<std::pair<std::string, std::string>, Pair>> pairs;
  for (const auto* node : objects_of(study, "nodes")) {
    std::map<std::string, std::map<std::string, std::pair<const json::value*, const json::object*>>> met;
    std::map<std::string, const json::value*> level_at;
    for (const auto* arm : objects_of(object_of(*node, "plan"), "arms")) {
      const auto& config = object_of(*arm, "config");
      const auto& values = object_of(object_at(*node, "evidence.arms"), text_of(*arm, "id"));
      const auto *level = find_member(config, factor), *at = find_member(config, over);
      if (!values.empty() && level && at && usual_but(study, config, {factor, over}))
        met[level_name(*at)].emplace(level_name(*level), std::pair{level, &values}), level_at[level_name(*at)] = at;
    }
    for (const auto& [at, levels] : met) {
      if (levels.size() != 2) continue;
      const auto &first = *levels.begin(), &second = *levels.rbegin();
      const std::pair key{first.first, second.first};
      auto found = std::find_if(pairs.begin(), pairs.end(), [&](const auto& pair) { return pair.first == key; });
      if (found == pairs.end())
        found = pairs.insert(pairs.end(), {key, Pair{first.second.first, second.second.first, {}, {}, {}, {}, {}}});
      const std::size_t blocks = array_of(*first.second.second, "values").size();
      auto& drawn = found->second;
      // Columns of one experiment share their blocks, which says more than many blocks of two experiments do.
      if (drawn.columns.count(at)) {
        const bool stays = std::pair{drawn.width[at], drawn.blocks[at]} >= std::pair{met.size(), blocks};
        drawn.beside.push_back({stays ? text_of(*node, "id") : drawn.node[at], level_at.at(at)});
        if (stays) continue;
      }
      drawn.width[at] = met.size();
      drawn.columns[at] = {interval_of(*first.second.second), interval_of(*second.second.second)};
      drawn.blocks[at] = blocks;
      drawn.node[at] = text_of(*node, "id");
    }
  }
  Pair widest;
  for (auto& [key, pair] : pairs)
    if (pair.columns.size() > widest.columns.size()) widest = std::move(pair);
  return widest;
}

// What a caption says of the interactions of a pair with another factor: "{{n3.name}} made of two columns".
std::string interactions_made(const json::object& study, const std::string& factor, const Pair& pair,
                              const std::string& other) {
  const std::set<std::string> rows{level_name(*pair.one), level_name(*pair.other)};
  // Either factor may be the one that the other is a condition of.
  const auto levels_of = [](const json::object& hypothesis, const std::string& name) {
    std::set<std::string> levels;
    if (text_of(hypothesis, "factor") == name)
      for (const char* side : {"treatment", "baseline"})
        if (const auto* level = find_member(hypothesis, side)) levels.insert(level_name(*level));
    if (const auto& moderator = object_of(hypothesis, "moderator"); text_of(moderator, "factor") == name)
      for (const auto& level : array_of(moderator, "levels")) levels.insert(level_name(level));
    return levels;
  };
  std::vector<std::string> made;
  for (const auto* node : objects_of(study, "nodes")) {
    const auto& hypothesis = object_of(*node, "hypothesis");
    if (text_of(hypothesis, "kind") != "interaction" || object_at(*node, "evidence.contrast").empty()) continue;
    const auto arms = objects_of(object_of(*node, "plan"), "arms");
    if (!std::all_of(arms.begin(), arms.end(), [&](const json::object* arm) {
          return usual_but(study, object_of(*arm, "config"), {factor, other});
        }))
      continue;  // of another setting than the cells
    const auto columns = levels_of(hypothesis, other);
    if (levels_of(hypothesis, factor) == rows && columns.size() == 2 &&
        std::all_of(columns.begin(), columns.end(), [&](const auto& one) { return pair.columns.count(one) > 0; }))
      made.push_back(text_of(*node, "id"));
  }
  if (made.empty()) return "this study did not test";
  return names_reference(study, made) + " tested" + (made.size() == 1 ? "" : ", each") + " for two of them";
}

json::array labels_of(const json::object& study, const std::string& factor,
                      const std::vector<const json::value*>& levels) {
  json::array out;
  for (const auto* level : levels) out.emplace_back(level_label(factor_of(study, factor), level_name(*level)));
  return out;
}

}  // namespace

bool usual_but(const json::object& study, const json::object& config, const std::vector<std::string>& free) {
  return std::all_of(config.begin(), config.end(), [&](const auto& entry) {
    const std::string name{entry.key()};
    return contains(free, name) || factor_of(study, name).empty() || is_usual(study, name, entry.value());
  });
}

namespace {

struct Dose {
  std::string node;
  json::object drawn;
  std::vector<Beside> beside;
};

// Draws the contrast at its level, unless one of as many blocks or more is drawn there.
void take(std::map<double, Dose>& doses, const std::string& node, json::object drawn, const json::value* level) {
  const auto blocks = [](const json::object& one) { return array_of(one, "values").size(); };
  const auto [at, fresh] = doses.try_emplace(as_number(*level), Dose{node, drawn, {}});
  if (fresh) return;
  Dose& dose = at->second;
  const bool stays = blocks(dose.drawn) >= blocks(drawn);
  dose.beside.push_back({stays ? node : dose.node, level});
  if (!stays) dose.node = node, dose.drawn = std::move(drawn);
}

// A contrast of two levels, as the level minus the one it is held against.
json::object held_against(const json::object& contrast, bool turned, const json::value& level) {
  json::object dose = interval_of(contrast);
  const double mean = number_of(dose, "mean"), lower = number_of(dose, "lower"), upper = number_of(dose, "upper");
  if (turned) dose["mean"] = -mean, dose["lower"] = -upper, dose["upper"] = -lower;
  json::array values;
  for (const auto& value : array_of(contrast, "values"))
    values.push_back(turned ? json::value(-as_number(value)) : value);
  dose["level"] = level;
  dose["values"] = std::move(values);
  return dose;
}

}  // namespace

// Levels of different experiments ran in different blocks, so each is drawn by what sets it off from the one level that
// it met inside its own.
std::optional<LevelFigure> dose_figure(const json::object& study) {
  const std::string factor = text_of(object_of(study, "scope"), "factor"), title = factor_title(study, factor);
  if (!ordered(study, factor)) return std::nullopt;
  std::map<double, std::map<double, Dose>> doses;  // by the level that was held against, then by level
  for (const auto* node : objects_of(study, "nodes")) {
    const auto& hypothesis = object_of(*node, "hypothesis");
    const auto& contrast = object_at(*node, "evidence.contrast");
    const auto *one = find_member(hypothesis, "treatment"), *other = find_member(hypothesis, "baseline");
    if (contrast.empty() || text_of(hypothesis, "factor") != factor || text_of(hypothesis, "kind") == "interaction" ||
        !one || !other || !is_number(*one) || !is_number(*other))
      continue;
    const auto arms = objects_of(object_of(*node, "plan"), "arms");
    if (arms.empty() || !std::all_of(arms.begin(), arms.end(), [&](const json::object* arm) {
          return usual_but(study, object_of(*arm, "config"), {factor});
        }))
      continue;
    const std::string id = text_of(*node, "id");
    take(doses[as_number(*other)], id, held_against(contrast, false, *one), one);
    take(doses[as_number(*one)], id, held_against(contrast, true, *other), other);
  }
  const auto most = std::max_element(doses.begin(), doses.end(),
                                     [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
  if (most == doses.end() || most->second.size() + 1 < kLeastLevels) return std::nullopt;
  json::value reference;
  for (const auto& level : array_of(factor_of(study, factor), "levels"))
    if (as_number(level) == most->first) reference = level;
  const std::string held = level_reference(study, factor, reference);
  json::array list, levels{reference};
  std::vector<std::string> nodes;
  std::vector<Beside> beside;
  for (auto& [level, dose] : most->second) {
    levels.emplace_back(level);
    list.push_back(std::move(dose.drawn));
    nodes.push_back(dose.node);
    beside.insert(beside.end(), dose.beside.begin(), dose.beside.end());
  }
  const bool logarithmic = spans(levels, kSpanOfDoses);
  return LevelFigure{
      capitalised(metric_title(study)) + " over " + title,
      "Exploratory: " + metric_title(study) + place_of_search(study) + " with each level of " +
          with_article(factor_title(study, factor)) + " minus that with " + held +
          " (the diamond at zero), inside blocks" +
          (std::set<std::string>{nodes.begin(), nodes.end()}.size() > 1
               ? "; levels of different experiments (" + names_reference(study, nodes) + ") ran in different blocks"
               : std::string{}) +
          ". All else is in the usual setting. Points are blocks (equal ones coincide), " +
          blocks_reference(study, nodes) +
          " a level, "
          "with means and {{protocol.confidence}} t intervals of a paired t test, uncorrected, to their right; the "
          "band "
          "holds differences below the smallest effect of interest. No test was made across all levels." +
          (logarithmic ? kLogarithmic : kEqualSteps) + not_drawn(study, factor, beside, "the node with most blocks"),
      json::object{{"factor", title},
                   {"contrast", true},
                   {"axis", "difference in " + metric_title(study)},
                   {"smallest_effect", number_of(metric_of(study), "smallest_effect")},
                   {"logarithmic", logarithmic},
                   {"reference", reference},
                   {"levels", std::move(list)}}};
}

std::optional<LevelFigure> heat_figure(const json::object& study) {
  const std::string factor = text_of(object_of(study, "scope"), "factor");
  std::string best;
  Pair pair;
  for (const auto& entry : object_at(study, "template.factors")) {
    const std::string other{entry.key()};
    // Lines over an ordered factor say more than colours do.
    if (other == factor || (ordered(study, other) && !ordered(study, factor))) continue;
    Pair found = widest_pair(study, factor, other);
    if (found.columns.size() < kLeastLevels || found.columns.size() <= pair.columns.size()) continue;
    pair = std::move(found);
    best = other;
  }
  if (best.empty()) return std::nullopt;
  std::vector<const json::value*> columns;
  json::array first, second;
  for (const auto& level : array_of(factor_of(study, best), "levels"))
    if (const auto at = pair.columns.find(level_name(level)); at != pair.columns.end()) {
      columns.push_back(&level);
      first.push_back(at->second.first);
      second.push_back(at->second.second);
    }
  const std::string one = factor_title(study, factor), other = factor_title(study, best);
  return LevelFigure{
      capitalised(metric_title(study)) + " over " + one + " and " + other,
      "Exploratory: mean " + metric_title(study) + place_of_search(study) + " for two levels of " +
          with_article(factor_title(study, factor)) + " at levels of " + with_article(other) +
          ", with half the width of its {{protocol.confidence}} t interval. The two cells of a column "
          "are of the same " +
          origin(study, pair, best) +
          (pair.nodes().size() > 1 ? ", so differences between columns of different experiments are not paired" : "") +
          ". Whether the gap between the rows differs from column to column is a separate question, an "
          "interaction, which " +
          interactions_made(study, factor, pair, best) + ". All else is in the usual setting." +
          not_drawn(study, best, pair.beside, kRuleOfPairs, factor),
      json::object{{"row_factor", one},
                   {"column_factor", other},
                   {"rows", labels_of(study, factor, {pair.one, pair.other})},
                   {"columns", labels_of(study, best, columns)},
                   {"cells", json::array{std::move(first), std::move(second)}}}};
}

std::optional<LevelFigure> sizes_figure(const json::object& study, Looks& looks) {
  const std::string factor = text_of(object_of(study, "scope"), "factor"),
                    over = text_of(object_of(object_of(study, "scope"), "moderator"), "factor", data_factor(study));
  if (factor == over || over.empty() || !ordered(study, over)) return std::nullopt;
  const Pair pair = widest_pair(study, factor, over);
  if (pair.columns.size() < kLeastLevels) return std::nullopt;
  json::array first, second, met;
  for (const auto& level : array_of(factor_of(study, over), "levels"))
    if (const auto at = pair.columns.find(level_name(level)); at != pair.columns.end()) {
      met.push_back(level);
      for (auto [line, cell] : {std::pair{&first, at->second.first}, std::pair{&second, at->second.second}}) {
        cell["level"] = level;
        line->push_back(cell);
      }
    }
  const std::string title = factor_title(study, over);
  const auto arm = [&](const json::value& level, json::array levels) {
    json::object drawn{
        {"id", level_name(level)}, {"label", level_phrase(study, factor, level)}, {"levels", std::move(levels)}};
    looks.dress(drawn, factor, level);
    return drawn;
  };
  const bool logarithmic = spans(met, kSpanOfSizes);
  json::array arms{arm(*pair.one, std::move(first)), arm(*pair.other, std::move(second))};
  if (arms[1].at("look").as_int64() < arms[0].at("look").as_int64()) std::swap(arms[0], arms[1]);
  return LevelFigure{capitalised(metric_title(study)) + " over " + title,
                     "Exploratory: " + metric_title(study) + place_of_search(study) + " over " +
                         with_article(factor_title(study, over)) +
                         ", means with {{protocol.confidence}} t intervals. At each level both arms ran in the same " +
                         origin(study, pair, over) +
                         ". All else is in the usual setting. The arms stand side by side at their level." +
                         (logarithmic ? kLogarithmic : kEqualSteps) + tested(study, pair.nodes()) +
                         not_drawn(study, over, pair.beside, kRuleOfPairs, factor),
                     json::object{{"arms", std::move(arms)}, {"factor", title}, {"logarithmic", logarithmic}}};
}

}  // namespace aisci::analysis
