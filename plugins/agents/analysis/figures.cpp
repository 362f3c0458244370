#include "figures.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "kit/document.hpp"

namespace aisci::analysis {
namespace {

using namespace aisci::kit;

std::string metric_title(const json::object& study) {
  const auto& manifest = object_of(study, "template");
  return text_of(object_of(object_of(manifest, "metrics"), text_of(manifest, "metric")), "title", "score");
}

const json::object& evidence_of(const json::object& entry) { return object_of(entry, "evidence"); }
bool linear(const json::object& entry) { return text_of(object_at(entry, "evidence.contrast"), "scale") == "linear"; }

std::string level_text(const json::object& factor, const json::value& level) {
  if (level.is_string()) return text_of(object_of(factor, "labels"), level.get_string().c_str(), level.get_string().c_str());
  std::string text = json::serialize(level);
  if (text.find('E') != std::string::npos) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%g", as_number(level));
    text = buffer;
  }
  return text;
}

// "200 training images"; "learning rate 0.01"; "ViT".
std::string level_drawn(const json::object& factor, const json::value& level) {
  const std::string title = text_of(factor, "title"), text = level_text(factor, level);
  if (text_of(factor, "kind") != "ordered") return text;
  constexpr std::string_view kNumberOf = "number of ";
  return title.rfind(kNumberOf, 0) == 0 ? text + " " + title.substr(kNumberOf.size()) : title + " " + text;
}

// "GELU − ReLU, 100 training images": for axes and rows, where text is drawn and not resolved.
std::string drawn_label(const json::object& study, const json::object& hypothesis) {
  const auto& factors = object_of(object_of(study, "template"), "factors");
  const auto& factor = object_of(factors, text_of(hypothesis, "factor"));
  const auto side = [&](const char* name) {
    const auto* value = find_member(hypothesis, name);
    return value ? level_text(factor, *value) : std::string{};
  };
  std::string label = side("treatment") + " \u2212 " + side("baseline");
  for (const auto& entry : object_of(hypothesis, "context")) {
    const auto& other = object_of(factors, {entry.key().data(), entry.key().size()});
    const auto* usual = find_member(other, "default");
    const bool ordered = text_of(other, "kind") == "ordered";
    if (usual && *usual == entry.value() && !ordered) continue;
    label += ", " + level_drawn(other, entry.value());
  }
  if (const auto& moderator = object_of(hypothesis, "moderator"); !moderator.empty()) {
    const auto& other = object_of(factors, text_of(moderator, "factor"));
    const auto& levels = array_of(moderator, "levels");
    if (levels.size() >= 2) label += ", " + level_drawn(other, levels[0]) + " against " + level_text(other, levels[1]);
  }
  return label;
}

json::object interval(const json::object& from) {
  return {{"mean", number_of(from, "mean")}, {"lower", number_of(from, "lower")}, {"upper", number_of(from, "upper")}};
}

json::object arm_data(const json::object& evidence, const std::string& id) {
  const auto& arm = object_of(object_of(evidence, "arms"), id);
  json::object out = interval(arm);
  out["id"] = id;
  out["label"] = text_of(arm, "label", id);
  out["values"] = array_of(arm, "values");
  return out;
}

std::vector<std::string> arm_ids(const json::object& claim) {
  std::vector<std::string> ids;
  for (const auto& id : array_of(claim, "arms")) ids.emplace_back(id.as_string().c_str());
  return ids;
}

class Chooser {
 public:
  explicit Chooser(const json::object& study) : study_{study} {}

  json::object run() {
    forest();
    for (const auto* claim : objects_of(study_, "claims"))
      if (!evidence_of(*claim).empty()) {
        main_claim(*claim);
        break;
      }
    sizes();
    tree();
    return {{"figures", std::move(figures_)}};
  }

 private:
  void add(const char* kind, const std::string& title, const std::string& caption, json::object data) {
    data["axis"] = data.contains("axis") ? data["axis"] : json::value(metric_title(study_));
    if (!data.contains("unit")) data["unit"] = "fraction";
    figures_.push_back(json::object{{"id", "f" + std::to_string(figures_.size() + 1)}, {"kind", kind}, {"title", title}, {"caption", caption}, {"data", std::move(data)}});
  }

  double smallest_effect() const {
    const auto& manifest = object_of(study_, "template");
    return number_of(object_of(object_of(manifest, "metrics"), text_of(manifest, "metric")), "smallest_effect", 0.02);
  }

  json::object row(const json::object& entry, const std::string& verdict) const {
    const auto& contrast = object_at(entry, "evidence.contrast");
    json::object out = interval(contrast);
    out["id"] = text_of(entry, "id");
    out["label"] = text_of(entry, "id") + "  " + drawn_label(study_, object_of(entry, "hypothesis"));
    out["n"] = number_of(contrast, "n");
    out["verdict"] = verdict;
    return out;
  }

  // All linear contrasts; interactions are on another scale and stand in the tables.
  void forest() {
    json::array rows;
    for (const auto* claim : objects_of(study_, "claims"))
      if (linear(*claim)) rows.push_back(row(*claim, text_of(*claim, "verdict")));
    for (const auto* node : objects_of(study_, "nodes"))
      if (linear(*node)) rows.push_back(row(*node, ""));
    if (rows.empty()) return;
    add("forest", "All differences with their intervals",
        "Differences in " + metric_title(study_) + " of every experiment, with confidence intervals from a paired t test over blocks. Filled: confirmed claims, at the level that Holm's steps leave them; hollow: exploratory, "
        "{{protocol.confidence}} without correction. The shaded band holds differences smaller than the smallest effect of interest, {{template.smallest_effect}}.",
        {{"rows", std::move(rows)}, {"smallest_effect", smallest_effect()}, {"scale", "linear"}, {"axis", "difference in " + metric_title(study_)}});
  }

  void main_claim(const json::object& claim) {
    const std::string id = text_of(claim, "id");
    const auto ids = arm_ids(claim);
    const auto& evidence = evidence_of(claim);
    if (ids.size() == 2) {
      json::object difference = interval(object_of(evidence, "contrast"));
      difference["values"] = array_of(object_of(evidence, "contrast"), "values");
      add("paired", "The main claim, block by block",
          "Claim {{" + id + ".name}}, block by block: left, " + metric_title(study_) + " of the two arms in each of {{" + id + ".n}} blocks; right, the differences with their mean and corrected interval (paired t, level {{" + id + ".alpha}}).",
          {{"baseline", arm_data(evidence, ids[1])}, {"treatment", arm_data(evidence, ids[0])}, {"difference", std::move(difference)}, {"smallest_effect", number_of(claim, "smallest_effect")}, {"scale", "linear"}});
    } else {
      json::array arms;
      for (const auto& arm : objects_of(object_of(claim, "plan"), "arms")) arms.push_back(arm_data(evidence, text_of(*arm, "id")));
      add("arms", "The arms of the main claim", "Claim {{" + id + ".name}}: " + metric_title(study_) + " of each arm in {{" + id + ".n}} blocks (points), with mean and t interval.", {{"arms", std::move(arms)}});
    }
    const auto& curves = object_of(object_of(study_, "curves"), id);
    json::array arms;
    for (const auto& arm : ids) {
      const auto& points = array_of(object_of(curves, arm), "train_loss");
      if (points.empty()) return;
      arms.push_back(json::object{{"id", arm}, {"label", text_of(object_of(object_of(evidence, "arms"), arm), "label", arm)}, {"points", points}});
    }
    if (arms.empty()) return;
    add("curves", "Training loss of the main claim's arms", "Training loss of the arms of claim {{" + id + ".name}}: mean over {{" + id + ".n}} blocks; bands are {{protocol.confidence}} t intervals of the mean.",
        {{"arms", std::move(arms)}, {"axis", "training loss"}, {"unit", "nats"}, {"logarithmic", true}});
  }

  // Arms that were run at several levels of an ordered factor, from the search's experiments.
  void sizes() {
    const auto& factors = object_of(object_of(study_, "template"), "factors");
    std::map<std::string, std::map<std::string, std::map<double, json::object>>> by_factor;  // factor, arm, level
    for (const auto* node : objects_of(study_, "nodes")) {
      const auto& hypothesis = object_of(*node, "hypothesis");
      for (const auto* arm : objects_of(object_of(*node, "plan"), "arms")) {
        const auto& config = object_of(*arm, "config");
        const std::string primary = text_of(hypothesis, "factor");
        const auto& evidence = object_of(object_at(*node, "evidence.arms"), text_of(*arm, "id"));
        const auto* level = find_member(config, "train_size");
        const auto* treated = find_member(config, primary);
        if (evidence.empty() || !level || !treated || primary == "train_size" || !usual_context(factors, config, primary)) continue;
        json::object cell = interval(evidence);
        cell["level"] = *level;
        by_factor["train_size"][level_text(object_of(factors, primary), *treated)].emplace(as_number(*level), std::move(cell));
      }
    }
    for (auto& [factor, arms] : by_factor) {
      json::array entries;
      std::set<double> levels;
      for (auto& [label, cells] : arms) {
        if (cells.size() < 2) continue;
        json::array list;
        for (auto& [level, cell] : cells) {
          levels.insert(level);
          list.push_back(std::move(cell));
        }
        entries.push_back(json::object{{"id", label}, {"label", label}, {"levels", std::move(list)}});
      }
      if (entries.empty() || levels.size() < 2) continue;
      const std::string title = text_of(object_of(factors, factor), "title", factor);
      add("sizes", "The metric over the " + title, "Validation " + metric_title(study_) + " over the " + title + ", from the experiments of the search ({{study.blocks}} blocks at most, {{protocol.confidence}} t intervals; exploratory).",
          {{"arms", std::move(entries)}, {"factor", title}});
    }
  }

  // Only cells that differ from the defaults in nothing but the two factors belong in one picture.
  static bool usual_context(const json::object& factors, const json::object& config, const std::string& primary) {
    return std::all_of(config.begin(), config.end(), [&](const auto& entry) {
      const std::string_view name{entry.key().data(), entry.key().size()};
      if (name == "train_size" || name == primary) return true;
      const auto* usual = find_member(object_of(factors, name), "default");
      return usual && as_text(*usual) == as_text(entry.value());
    });
  }
  static std::string as_text(const json::value& value) { return is_number(value) ? std::to_string(as_number(value)) : json::serialize(value); }

  void tree() {
    json::array nodes;
    std::map<std::string, std::string> verdicts;
    for (const auto* claim : objects_of(study_, "claims")) verdicts[text_of(*claim, "node")] = text_of(*claim, "verdict");
    for (const auto* node : objects_of(study_, "nodes")) {
      json::object entry{{"id", text_of(*node, "id")}, {"label", drawn_label(study_, object_of(*node, "hypothesis"))}, {"parent", text_of(*node, "parent")},
                         {"verdict", verdicts[text_of(*node, "id")]}, {"state", text_of(*node, "state")}, {"stage", text_of(*node, "stage")}};
      if (const auto& score = object_of(*node, "score"); !score.empty()) entry["score"] = number_of(score, "value");
      nodes.push_back(std::move(entry));
    }
    if (nodes.empty()) return;
    add("tree", "The search tree", "The search tree: every hypothesis that was tested, below the one it refines, with its value to the search. Colours mark the confirmed verdicts.", {{"nodes", std::move(nodes)}});
  }

  const json::object& study_;
  json::array figures_;
};

}  // namespace

json::object choose_figures(const json::object& study) { return Chooser{study}.run(); }

}  // namespace aisci::analysis
