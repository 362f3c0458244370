#include "figures.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "drawn.hpp"
#include "kit/document.hpp"
#include "level_figures.hpp"
#include "looks.hpp"

namespace aisci::analysis {
namespace {

using namespace kit;

constexpr std::size_t kMostFigures = 6;
constexpr std::size_t kMostPaired = 2;
// From here on a box says more than lines or points alone. What the nearest claim tests is seen block by block all the
// same.
constexpr std::size_t kManyBlocks = 20;

class Chooser {
 public:
  explicit Chooser(const json::object& study) : study_{study}, looks_{compared()} {}

  json::object run() {
    forest();
    claims();
    if (auto sizes = sizes_figure(study_, looks_))
      add(3, "sizes", "", sizes->title, sizes->caption, std::move(sizes->data));
    if (auto dose = dose_figure(study_)) add(3, "dose", "", dose->title, dose->caption, std::move(dose->data));
    if (auto heat = heat_figure(study_)) add(3, "heat", "", heat->title, heat->caption, std::move(heat->data));
    curves();
    tree();
    json::array figures;
    std::stable_sort(figures_.begin(), figures_.end(), [](const Made& a, const Made& b) { return a.rank < b.rank; });
    if (figures_.size() > kMostFigures) figures_.resize(kMostFigures);
    for (auto& made : figures_) {
      made.figure["id"] = "f" + std::to_string(figures.size() + 1);
      figures.push_back(std::move(made.figure));
    }
    return {{"figures", std::move(figures)}};
  }

 private:
  struct Made {
    int rank;  // what is dropped last when there are too many
    json::object figure;
  };

  void add(int rank, const char* kind, const std::string& subject, const std::string& title, const std::string& caption,
           json::object data) {
    if (!data.contains("axis")) data["axis"] = metric_title(study_);
    if (!data.contains("unit")) data["unit"] = metric_unit(study_);
    figures_.push_back({rank,
                        {{"id", ""},
                         {"kind", kind},
                         {"subject", subject},
                         {"title", title},
                         {"caption", caption},
                         {"data", std::move(data)}}});
  }

  static bool logit(const json::object& entry) {
    return text_of(object_at(entry, "evidence.contrast"), "scale") == "logit";
  }
  static bool known(const json::object& entry) { return !object_at(entry, "evidence.contrast").empty(); }

  double smallest_effect(bool of_logit) const {
    for (const char* list : {"claims", "nodes"})
      for (const auto* entry : objects_of(study_, list))
        if (known(*entry) && logit(*entry) == of_logit)
          return number_of(*entry, "smallest_effect", number_of(object_of(*entry, "plan"), "smallest_effect"));
    return 0;
  }

  json::object row(const json::object& entry) const {
    const auto& contrast = object_at(entry, "evidence.contrast");
    json::object out = interval_of(contrast);
    out["id"] = text_of(entry, "id");
    out["label"] = text_of(entry, "id") + ": " + comparison_label(study_, object_of(entry, "hypothesis"));
    out["n"] = static_cast<std::int64_t>(array_of(contrast, "values").size());
    out["verdict"] = text_of(entry, "verdict");
    if (json::array numbers = printed_numbers(text_of(entry, "id")); !numbers.empty())
      out["printed"] = std::move(numbers);
    return out;
  }

  // Mean and ends of a contrast as tables and text print them, without their unit; empty without such facts.
  json::array printed_numbers(const std::string& id) const {
    json::array numbers;
    for (const char* part : {"mean", "lower", "upper"}) {
      const std::string text = printed(id + ".contrast." + part);
      if (text.empty()) return {};
      numbers.emplace_back(text.substr(0, text.find(' ')));
    }
    return numbers;
  }

  // Which no correction can change.
  bool one_claim() const { return objects_of(study_, "claims").size() == 1; }

  bool interactions_on(bool of_logit) const {
    for (const char* list : {"claims", "nodes"})
      for (const auto* entry : objects_of(study_, list))
        if (known(*entry) && logit(*entry) == of_logit &&
            text_of(object_of(*entry, "hypothesis"), "kind") == "interaction")
          return true;
    return false;
  }

  std::string printed(const std::string& fact) const {
    return text_of(object_of(object_of(study_, "facts"), fact), "text");
  }

  // "p = 0.013" or "p < 0.001", as references.
  std::string p_of(const std::string& fact) const {
    return (printed(fact).rfind('<', 0) == 0 ? "p\u00a0{{" : "p\u00a0=\u00a0{{") + fact + "}}";
  }

  // Of a claim with and without correction, once where a reader could not tell them apart.
  std::string both_p(const std::string& id) const {
    const std::string own = id + ".contrast.p", corrected = id + ".holm_p";
    if (one_claim()) return p_of(own);
    if (printed(own) == printed(corrected)) return p_of(own) + " with and without Holm's correction";
    return p_of(own) + ", or " + p_of(corrected) + " after Holm's correction";
  }

  // One scale a figure: the one with most contrasts.
  void forest() {
    std::map<bool, json::array> rows;
    for (const char* list : {"claims", "nodes"})
      for (const auto* entry : objects_of(study_, list))
        if (known(*entry)) rows[logit(*entry)].push_back(row(*entry));
    const bool of_logit = rows[true].size() > rows[false].size();
    if (rows[of_logit].size() < 2) return;
    const bool mixed = !of_logit && interactions_on(false);
    const std::string what = of_logit ? "interactions" : "differences in " + metric_title(study_),
                      others = of_logit ? " Differences, on another scale, stand in the tables."
                                        : " Interactions, on another scale, stand in the tables.";
    std::string limit = "{{template.smallest_effect}}";
    if (of_logit)
      for (const auto* claim : objects_of(study_, "claims"))
        if (logit(*claim)) limit = "{{" + text_of(*claim, "id") + ".smallest_effect}} log odds";
    if (of_logit && limit == "{{template.smallest_effect}}") limit = "the smallest effect of interest";
    const bool settings = std::any_of(rows[of_logit].begin(), rows[of_logit].end(), [](const json::value& row) {
      return text_of(row.as_object(), "label").find(", ") != std::string::npos;
    });
    json::array range = cut_axis(rows[of_logit], smallest_effect(of_logit));
    const bool cut = !range.empty();
    add(0, "forest", "", capitalised(what) + " of the study",
        (mixed ? "All " + what + " and interactions of the study" : "All comparisons of the study that are " + what) +
            ", first-named arm minus second" +
            (of_logit || mixed ? " (in an interaction, that under the first condition less that under the second)"
                               : "") +
            ", with the number of blocks n and intervals of a paired t test." +
            (settings ? " A row names what departs from the usual setting." : "") +
            " Filled and coloured by verdict: claims" + place_of_confirmation(study_) +
            (one_claim() ? "" : ", at the level that Holm's steps leave them") + ". Hollow: nodes of the search" +
            later_ones(of_logit) +
            ", exploratory, {{protocol.confidence}} intervals without correction. The "
            "band reaches to " +
            limit + " on either side of zero." +
            (cut ? " An arrow stands where an interval goes on outside the axis." : "") +
            (rows[!of_logit].empty() ? "" : others),
        {{"rows", std::move(rows[of_logit])},
         {"range", cut ? json::value(std::move(range)) : json::value(nullptr)},
         {"smallest_effect", smallest_effect(of_logit)},
         {"scale", of_logit ? "logit" : "linear"},
         {"axis", of_logit ? "interaction" : "difference in " + metric_title(study_)}});
  }

  void claims() {
    std::size_t paired = 0, arms = 0;
    for (const auto* claim : nearest_first()) {
      if (!known(*claim)) continue;
      const auto ids = contrast_arms(*claim);
      const auto blocks = array_of(object_at(*claim, "evidence.contrast"), "values").size();
      if (ids.size() == 2 && blocks >= kManyBlocks && arms == 0 && paired > 0) {
        ++arms;
        arms_figure(*claim, 4, "distributions");
        continue;
      }
      if (ids.size() == 2 && paired < kMostPaired) paired_figure(*claim, ids, ++paired == 1 ? 1 : 4);
      if (ids.size() > 2 && arms == 0) arms_figure(*claim, ++arms == 1 && paired == 0 ? 1 : 4, "arms");
    }
  }

  void paired_figure(const json::object& claim, const std::vector<std::string>& ids, int rank) {
    const std::string id = text_of(claim, "id"), one = "{{arm:" + id + "." + ids[0] + "}}",
                      other = "{{arm:" + id + "." + ids[1] + "}}";
    const auto& evidence = object_of(claim, "evidence");
    json::object difference = interval_of(object_of(evidence, "contrast"));
    difference["values"] = array_of(object_of(evidence, "contrast"), "values");
    std::set<std::pair<double, double>> lines;
    const auto values = [&](std::size_t arm) -> const json::array& {
      return array_of(object_of(object_of(evidence, "arms"), ids[arm]), "values");
    };
    const std::size_t blocks = std::min(values(0).size(), values(1).size());
    for (std::size_t i = 0; i < blocks; ++i) lines.emplace(kit::as_number(values(0)[i]), kit::as_number(values(1)[i]));
    add(rank, "paired", id, comparison_label(study_, object_of(claim, "hypothesis")),
        "Claim {{" + id + ".name}}, n = {{" + id + ".n}} blocks" + place_of_confirmation(study_) +
            ". Left: " + metric_title(study_) + " by arm, " + other + " and " + one + ", a line for each block" +
            (lines.size() < blocks ? " (equal ones coincide)" : "") + ". Right: " + one + " minus " + other +
            " in each block, with mean and {{" + id + ".confidence}} interval (paired t test; " + both_p(id) +
            "); the band marks means too small to act on.",
        {{"baseline", dressed(claim, ids[1])},
         {"treatment", dressed(claim, ids[0])},
         {"difference", std::move(difference)},
         {"smallest_effect", number_of(claim, "smallest_effect")},
         {"scale", text_of(object_of(evidence, "contrast"), "scale", "linear")}});
  }

  // An interaction as it is measured: "GELU minus ReLU with 100 training images, less the same with 400 training
  // images".
  std::string contrast_told(const json::object& hypothesis) const {
    const auto called = texts_of(hypothesis, "called");
    const auto side = [&](const char* name, std::size_t index) {
      const json::value* level = find_member(hypothesis, name);
      return called.size() == 2 ? called[index]
             : level            ? level_reference(study_, text_of(hypothesis, "factor"), *level)
                                : std::string{};
    };
    const auto& moderator = object_of(hypothesis, "moderator");
    const auto& levels = array_of(moderator, "levels");
    if (levels.size() != 2) return "the difference between conditions";
    const auto at = [&](std::size_t index) {
      return level_reference(study_, text_of(moderator, "factor"), levels[index]);
    };
    return side("treatment", 0) + " minus " + side("baseline", 1) + " with " + at(0) + ", less the same with " + at(1);
  }

  // Below what an interaction is drawn of: "difference with 100 training images less that with 400 training images".
  std::string conditions_apart(const json::object& hypothesis) const {
    const auto& moderator = object_of(hypothesis, "moderator");
    const auto& levels = array_of(moderator, "levels");
    const auto at = [&](std::size_t index) {
      return level_phrase(study_, text_of(moderator, "factor"), levels[index]);
    };
    return levels.size() == 2 ? "difference with " + at(0) + " less that with " + at(1) : "between conditions";
  }

  void arms_figure(const json::object& claim, int rank, const char* kind) {
    const std::string id = text_of(claim, "id");
    json::array arms;
    for (const auto* arm : Looks::in_order(object_of(claim, "plan"), object_of(claim, "hypothesis")))
      arms.push_back(dressed(claim, text_of(*arm, "id")));
    if (arms.empty()) return;
    const bool many = std::string_view{kind} == "distributions", tested = std::string_view{kind} == "arms";
    const auto& contrast = object_at(claim, "evidence.contrast");
    const std::string p = p_of(id + ".holm_p") + (one_claim() ? "" : " after Holm's correction");
    json::object data{{"arms", std::move(arms)}};
    if (tested) {
      json::object difference = interval_of(contrast);
      difference["values"] = array_of(contrast, "values");
      difference["label"] = "interaction";
      difference["under"] = conditions_apart(object_of(claim, "hypothesis"));
      data["difference"] = std::move(difference);
      data["smallest_effect"] = number_of(claim, "smallest_effect");
      data["scale"] = text_of(contrast, "scale", "linear");
    }
    add(rank, kind, id, comparison_label(study_, object_of(claim, "hypothesis")),
        "Claim {{" + id + ".name}}: " + metric_title(study_) + " of each arm" + place_of_confirmation(study_) +
            ", n = {{" + id + ".n}} blocks (points" +
            (tested ? "; a line joins what a block has under one condition)" : ")") +
            (many ? ", their quartiles and range (boxes)" : "") + ", with mean and {{" + id +
            ".confidence}} t interval. " +
            (tested ? "Right: what is tested (" + p + "), " + contrast_told(object_of(claim, "hypothesis")) +
                          ", inside each block, with mean and interval too. The band marks mean changes too small to "
                          "act on" +
                          std::string{logit(claim) ? ", in log odds." : "."}
                    : "The claim is tested on the contrast inside blocks and not on these arms (" + p + ")."),
        std::move(data));
  }

  // What title, abstract and discussion speak of comes first; the others as they were confirmed.
  std::vector<const json::object*> nearest_first() const {
    std::vector<const json::object*> order = objects_of(study_, "claims");
    const auto* nearest = nearest_claim();
    std::stable_partition(order.begin(), order.end(), [&](const json::object* claim) { return claim == nearest; });
    return order;
  }

  // The claim that analysis speaks of when it speaks of training; without such a finding, the nearest.
  std::vector<const json::object*> main_claims() const {
    std::vector<const json::object*> order = nearest_first();
    for (const auto* finding : objects_of(study_, "findings"))
      if (text_of(*finding, "kind") == "training")
        std::stable_partition(order.begin(), order.end(), [&](const json::object* claim) {
          return text_of(*claim, "id") == text_of(*finding, "subject");
        });
    return order;
  }

  // The claim that the question is nearest to, as the text has it: of a stack the whole, then an interaction, else a
  // difference.
  const json::object* nearest_claim() const {
    const auto& scope = object_of(study_, "scope");
    const auto stack = objects_of(scope, "stack");
    const auto distance = [&](const json::object& claim) {
      const auto& hypothesis = object_of(claim, "hypothesis");
      const std::string factor = text_of(hypothesis, "factor");
      const auto in_stack = [&](const std::string& name) {
        return std::any_of(stack.begin(), stack.end(),
                           [&](const json::object* layer) { return text_of(*layer, "factor") == name; });
      };
      const bool interaction = text_of(hypothesis, "kind") == "interaction",
                 whole = !object_of(hypothesis, "also").empty();
      const bool own =
          stack.empty()
              ? factor == text_of(scope, "factor")
              : in_stack(factor) && (!interaction || in_stack(text_of(object_of(hypothesis, "moderator"), "factor")));
      return (known(claim) ? 0 : 100) + (own ? 0 : 20) +
             (whole && !interaction           ? 0
              : interaction != !stack.empty() ? 8
                                              : 4) +
             (in_usual_setting(study_, hypothesis) ? 0 : 2) + (text_of(hypothesis, "relation") == "initial" ? 0 : 1);
    };
    const auto place = [&](const json::object& claim) -> std::ptrdiff_t {
      if (!object_at(claim, "hypothesis.also").empty()) return 0;  // of wholes against parts the first claim
      const auto nodes = objects_of(study_, "nodes");
      return std::find_if(nodes.begin(), nodes.end(),
                          [&](const json::object* node) { return text_of(*node, "id") == text_of(claim, "node"); }) -
             nodes.begin();
    };
    const json::object* nearest = nullptr;
    for (const auto* claim : objects_of(study_, "claims"))
      if (!nearest || std::pair{distance(*claim), place(*claim)} < std::pair{distance(*nearest), place(*nearest)})
        nearest = claim;
    return nearest;
  }

  // Whether the arms' losses measure one thing: a component of the training (dropout) or a change of the inputs
  // (augmentation) is part of the loss that trials log, unless the outcome is a matter of training itself.
  bool one_loss(const json::object& hypothesis) const {
    if (text_of(metric_of(study_), "measured_on") == "training") return true;
    std::vector<std::string> varied{text_of(hypothesis, "factor"),
                                    text_of(object_of(hypothesis, "moderator"), "factor")};
    for (const auto& entry : object_of(hypothesis, "also")) varied.emplace_back(entry.key());
    return std::none_of(varied.begin(), varied.end(), [&](const std::string& name) {
      const auto& factor = object_of(object_at(study_, "template.factors"), name);
      return contains({"component", "input"}, text_of(factor, "role"));
    });
  }

  void curves() {
    for (const auto* claim : main_claims()) {
      if (!known(*claim) || !one_loss(object_of(*claim, "hypothesis"))) continue;
      const std::string id = text_of(*claim, "id");
      const auto& own = object_of(object_of(study_, "curves"), id);
      json::array arms;
      bool positive = true;
      for (const auto* arm : Looks::in_order(object_of(*claim, "plan"), object_of(*claim, "hypothesis"))) {
        const auto& points = array_of(object_of(own, text_of(*arm, "id")), "train_loss");
        if (points.empty()) continue;
        positive = positive && all_above_zero(points);
        json::object drawn{
            {"id", text_of(*arm, "id")}, {"label", text_of(*arm, "label", text_of(*arm, "id"))}, {"points", points}};
        looks_.dress(drawn, object_of(*claim, "hypothesis"), *arm);
        arms.push_back(std::move(drawn));
      }
      if (arms.size() < 2) continue;
      add(5, "curves", id, "Training loss",
          "Training loss of the arms of claim {{" + id + ".name}} ({{" + id +
              ".n}} blocks): mean and {{protocol.confidence}} t interval at each recorded step" +
              (positive ? ", on a logarithmic axis" : "") + ". No claim was made of training loss.",
          {{"arms", std::move(arms)},
           {"axis", "training loss"},
           {"unit", text_of(object_at(study_, "template.metrics.train_loss"), "unit", "nats")},
           {"logarithmic", positive}});
      return;
    }
  }

  void tree() {
    const auto nodes = objects_of(study_, "nodes");
    if (nodes.size() < 3) return;
    json::array drawn;
    std::vector<std::string> tried;
    for (const auto* node : nodes) {
      tried.push_back(text_of(*node, "id"));
      std::string verdict;
      for (const auto* claim : objects_of(study_, "claims"))
        if (text_of(*claim, "node") == text_of(*node, "id")) verdict = text_of(*claim, "verdict");
      const auto& score = object_of(*node, "score");
      drawn.push_back(
          json::object{{"id", text_of(*node, "id")},
                       {"parent", text_of(*node, "parent")},
                       {"label", comparison_label(study_, object_of(*node, "hypothesis"))},
                       {"stage", text_of(*node, "stage")},
                       {"state", text_of(*node, "state")},
                       {"score", has(score, "value") ? json::value(number_of(score, "value")) : json::value(nullptr)},
                       {"verdict", verdict}});
    }
    json::array storyline = array_of(study_, "storyline");
    if (const auto* main = nearest_claim(); storyline.empty() && main)
      for (std::string at = text_of(*main, "node"); !at.empty() && storyline.size() < nodes.size();) {
        storyline.insert(storyline.begin(), json::value(at));
        const auto here = std::find_if(nodes.begin(), nodes.end(),
                                       [&](const json::object* node) { return text_of(*node, "id") == at; });
        at = here == nodes.end() ? std::string{} : text_of(**here, "parent");
      }
    const std::string told = blocks_reference(study_, tried);
    std::vector<std::string> late;
    for (const auto* node : late_nodes()) late.push_back(name_of(*node));
    const std::string later = late.empty()
                                  ? ""
                                  : " " + capitalised(listed(late)) +
                                        " came after the confirmation; there the parent is the node of the claim "
                                        "that was asked about.";
    add(2, "tree", "", "The search",
        "The search from the question down: a node hangs from its parent, the node that the search was at. Bars give a "
        "node's value to the search as of its last run, symbols the verdict where a claim was made of it; bold is the "
        "way to the main claim. Values are "
        "exploratory" +
            (told.empty() ? std::string{"."} : "; nodes rest on n = " + told + " blocks.") + later,
        {{"question", text_of(study_, "question")}, {"storyline", std::move(storyline)}, {"nodes", std::move(drawn)}});
  }

  // Nodes that reviewers asked for when the confirmation was over.
  std::vector<const json::object*> late_nodes() const {
    std::vector<const json::object*> late;
    for (const auto* node : objects_of(study_, "nodes"))
      if (flag_of(*node, "late")) late.push_back(node);
    return late;
  }
  static std::string name_of(const json::object& node) { return "{{" + text_of(node, "id") + ".name}}"; }
  // Of these, those that have a row on the scale that is drawn.
  std::string later_ones(bool of_logit) const {
    std::vector<std::string> names;
    for (const auto* node : late_nodes())
      if (known(*node) && logit(*node) == of_logit) names.push_back(name_of(*node));
    return names.empty() ? std::string{} : " and " + listed(names) + ", which came after the confirmation";
  }

  // The nearest claim's first, so that the paper's main arms have the first looks.
  std::vector<const json::object*> compared() const {
    std::vector<const json::object*> out;
    if (const auto* main = nearest_claim()) out.push_back(&object_of(*main, "hypothesis"));
    for (const auto* claim : objects_of(study_, "claims")) out.push_back(&object_of(*claim, "hypothesis"));
    return out;
  }

  json::object dressed(const json::object& claim, const std::string& id) {
    json::object drawn = arm_of(object_of(claim, "evidence"), id);
    for (const auto* arm : objects_of(object_of(claim, "plan"), "arms"))
      if (text_of(*arm, "id") == id) looks_.dress(drawn, object_of(claim, "hypothesis"), *arm);
    return drawn;
  }

  const json::object& study_;
  Looks looks_;
  std::vector<Made> figures_;
};

}  // namespace

json::object choose_figures(const json::object& study) { return Chooser{study}.run(); }

json::object curve_ends(const json::object& curves) {
  json::object ends;
  for (const auto& [owner, arms] : curves)
    for (const auto& [arm, named] : object_of(curves, std::string{owner}))
      for (const auto& [name, points] : object_of(arms.get_object(), std::string{arm}))
        if (points.is_array() && !points.get_array().empty()) {
          auto& owned = ends[owner];
          if (!owned.is_object()) owned = json::object{};
          auto& of_arm = owned.get_object()[arm];
          if (!of_arm.is_object()) of_arm = json::object{};
          of_arm.get_object()[name] = json::array{points.get_array().front(), points.get_array().back()};
        }
  return ends;
}

}  // namespace aisci::analysis
