#include "writing_author.hpp"

#include <algorithm>

#include "document.hpp"
#include "hypotheses_literature.hpp"
#include "hypotheses_proposal.hpp"
#include "question_reading.hpp"

namespace aisci::offline {
namespace {

// Sentences that lean on one that is not printed beside them.
bool leans_on_another(const std::string& statement) {
  for (const char* opening : {"It ", "Its ", "Both ", "This ", "These ", "They ", "The approach ", "The method ",
                              "The study ", "The paper ", "The work ", "The reduction ", "The latter ", "Training it "})
    if (statement.rfind(opening, 0) == 0) return true;
  return false;
}

std::string shown(const Study& study, const std::string& body) {
  const auto colon = body.find(':');
  const std::string kind = colon == std::string::npos ? std::string{} : body.substr(0, colon),
                    rest = colon == std::string::npos ? body : body.substr(colon + 1);
  const std::string name = rest.substr(0, rest.find('|'));
  const auto fact = [&](const std::string& id) -> const json::object& {
    return object_of(object_of(study.document(), "facts"), id);
  };
  if (kind == "arm") return text_of(object_of(study.document(), "arms"), name, name);
  if (kind == "label") return text_of(object_of(study.document(), "labels"), name, name);
  if (kind == "level") return text_of(fact("level." + name), "text", name);
  if (kind == "text") return text_of(fact(name), "text");
  if (kind == "math") return rest;
  if (kind == "cite") return {};
  if (kind == "figure") return "Figure";
  if (kind == "table") return "Table";
  if (kind == "verdict") {
    for (const auto& claim : study.claims())
      if (claim.id == name) return claim.verdict;
    return {};
  }
  if (kind == "direction") {
    const auto bar = rest.find('|', rest.find('|') + 1);
    const std::string positive = rest.substr(rest.find('|') + 1, bar - rest.find('|') - 1),
                      negative = rest.substr(bar + 1);
    return number_of(fact(name), "value") >= 0 ? positive : negative;
  }
  std::string text = text_of(fact(name), "text");
  if (rest.size() > 6 && rest.rfind("|short") == rest.size() - 6)
    return has_unit(text_of(fact(name), "kind")) ? text.substr(0, text.find(' ')) : text;
  if (rest != name && !text.empty() && (text[0] == '+' || text[0] == '-')) text.erase(0, 1);
  return text;
}

}  // namespace

std::size_t Author::parts_of_stack(const std::string& statement) const {
  std::size_t count = 0;
  for (const auto* layer : objects_of(study.scope(), "stack"))
    count += fold(statement).find(fold(study.layer_title(text_of(*layer, "factor")))) != std::string::npos;
  return count;
}

std::string Author::support(const json::object& record) const {
  const std::string key = text_of(record, "key");
  const auto statements = texts_of(record, "statements");
  for (const auto* node : objects_of(study.document(), "nodes"))
    for (const auto* citation : objects_of(object_of(*node, "hypothesis"), "citations"))
      if (text_of(*citation, "key") == key && contains(statements, text_of(*citation, "support")))
        return text_of(*citation, "support");
  for (const auto& statement : statements)
    if (!has_digit(statement) && !leans_on_another(statement) && parts_of_stack(statement) > 1) return statement;
  for (const bool any : {false, true})
    for (const auto& statement : statements)
      if (!has_digit(statement) && (any || !leans_on_another(statement))) return statement;
  return statements.empty() ? std::string{} : statements.front();
}

std::string Author::cite(const std::vector<std::string>& keys) {
  std::string list;
  std::size_t count = 0;
  for (const auto& key : keys) {
    const json::object* record = study.record(key);
    const std::string statement = record ? support(*record) : std::string{};
    if (statement.empty() || count == 3) continue;
    supports_[key] = statement;
    list += (count++ > 0 ? "," : "") + key;
  }
  return list.empty() ? std::string{} : " {{cite:" + list + "}}";
}

std::string Author::cite_as_text(const std::string& key) {
  return cite({key}).empty() ? std::string{} : "{{cite:" + key + "|text}}";
}

std::vector<std::string> Author::with_theme(const std::vector<std::string>& themes) const {
  std::vector<std::string> keys;
  for (const auto* record : objects_of(study.document(), "literature")) {
    const auto own = texts_of(*record, "themes");
    if (std::any_of(themes.begin(), themes.end(), [&](const std::string& theme) { return contains(own, theme); }))
      keys.push_back(text_of(*record, "key"));
  }
  return keys;
}

std::vector<std::string> Author::of_author(const std::string& family, const std::vector<std::string>& keys) const {
  std::vector<std::string> found;
  for (const auto& key : keys) {
    const json::object* record = study.record(key);
    for (const auto& name : record ? texts_of(*record, "authors") : std::vector<std::string>{})
      if (name.find(family) != std::string::npos) {
        found.push_back(key);
        break;
      }
  }
  return found;
}

std::vector<std::string> Author::cited_by_hypotheses() const {
  std::vector<std::string> keys;
  for (const auto& node : study.nodes())
    for (const auto* citation : objects_of(*node.hypothesis, "citations"))
      if (const std::string key = text_of(*citation, "key"); study.record(key) && !contains(keys, key))
        keys.push_back(key);
  return keys;
}

const Literature& Author::literature(const std::string& factor) const {
  auto at = literature_.find(factor);
  if (at == literature_.end())
    at = literature_.emplace(factor, Literature{study.manifest(), factor, objects_of(study.document(), "literature")})
             .first;
  return at->second;
}

std::vector<std::string> Author::ordering(int sign, const Entry* only) const {
  std::vector<std::string> keys;
  const auto look = [&](const Entry& entry) {
    // How a difference depends on something is another matter than the difference.
    if (entry.interaction || level_names(factor_in(study.manifest(), entry.factor)).empty()) return;
    const Opinion opinion = literature(entry.factor).order(entry.treatment, entry.baseline);
    const int turned = is_off(entry.baseline) ? 1 : is_off(entry.treatment) ? -1 : 0;
    auto citations = objects_of(*entry.hypothesis, "citations");
    for (const auto& node : study.nodes())  // what the question's own comparison rests on holds under a condition, too
      if (citations.empty() && flag_of(*node.hypothesis, "primary") && !node.interaction && entry.same_pair(node))
        citations = objects_of(*node.hypothesis, "citations");
    for (const auto* citation : citations) {
      const std::string key = text_of(*citation, "key"), statement = text_of(*citation, "support");
      // Praise of a thing orders having it and not having it.
      const int said = opinion.sign != 0 ? (opinion.direct && key == opinion.support.key ? opinion.sign : 0)
                                         : turned * opinion_of(statement);
      if (said == sign && study.record(key) && !contains(keys, key)) keys.push_back(key);
    }
  };
  if (only) {
    look(*only);
    return keys;
  }
  for (const auto& node : study.nodes()) look(node);
  return keys;
}

json::array Author::citations() const {
  json::array list;
  for (const auto& [key, statement] : supports_) list.push_back(json::object{{"key", key}, {"support", statement}});
  return list;
}

std::string Author::take_figure(const std::string& kind, const std::string& claim) {
  for (const auto* figure : objects_of(study.document(), "figures"))
    if (const std::string id = text_of(*figure, "id"); text_of(*figure, "kind") == kind &&
                                                       (claim.empty() || text_of(*figure, "subject") == claim) &&
                                                       placed_.insert(id).second)
      return id;
  return {};
}

std::string Author::plain(const std::string& text) const {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto begin = text.find("{{", at), end = begin == std::string::npos ? begin : text.find("}}", begin);
    out += text.substr(at, begin == std::string::npos ? begin : begin - at);
    if (end == std::string::npos) break;
    out += shown(study, text.substr(begin + 2, end - begin - 2));
    at = end + 2;
  }
  return out;
}

std::size_t Author::words(const std::string& text) const {
  std::size_t count = 0;
  bool inside = false;
  for (const char c : plain(text)) {
    const bool blank = c == ' ' || c == '\n';
    count += !blank && !inside;
    inside = !blank;
  }
  return count;
}

json::object paragraph(std::string text) { return {{"type", "paragraph"}, {"text", std::move(text)}}; }
json::object equation(std::string formula) { return {{"type", "equation"}, {"text", std::move(formula)}}; }
json::object figure_block(const std::string& id) { return {{"type", "figure"}, {"id", id}}; }
json::object list_block(json::array items) { return {{"type", "list"}, {"items", std::move(items)}}; }
json::object table_block(const std::string& id, std::string caption, json::array columns, json::array rows) {
  return {{"type", "table"},
          {"id", id},
          {"caption", std::move(caption)},
          {"columns", std::move(columns)},
          {"rows", std::move(rows)}};
}
json::object section(const std::string& id, const std::string& title, json::array blocks) {
  return {{"id", id}, {"title", title}, {"blocks", std::move(blocks)}};
}

std::string whose(const Study& study) {
  const json::value* model = study.fixed_model();
  return subject_phrase(study.manifest(),
                        model ? json::object{{factor_with_role(study.manifest(), "model"), *model}} : json::object{},
                        false);
}

std::set<double> sizes_of_models(const Study& study, const std::vector<Entry>& entries) {
  std::set<double> sizes;
  for (const auto& entry : entries)
    for (const auto& arm : entry.arms)
      if (!entry.late && study.has_fact(arm + ".parameters"))
        sizes.insert(number_of(study.fact(arm + ".parameters"), "value"));
  return sizes;
}

std::string recipe_of_question(const Study& study) {
  std::vector<std::string> parts;
  for (const auto& [key, level] : object_of(study.scope(), "context")) {
    const std::string name{key};
    if (has_role(study.manifest(), name, "model") || name == study.data_factor()) continue;
    for (const auto& claim : study.claims())
      for (const auto* arm : objects_of(*claim.plan, "arms"))
        if (const json::value* set = find_member(object_of(*arm, "config"), name);
            !set || level_name(*set) != level_name(level))
          return {};
    parts.push_back(level_phrase(study.manifest(), name, level_name(level)));
  }
  return parts.empty() || study.claims().empty() ? std::string{}
                                                 : " " + study.terms().trained + " with " + listed(parts);
}

std::string counted(const Study& study, const std::string& fact, const char* one, const char* several) {
  return study.has_fact(fact) && number_of(study.fact(fact), "value") == 1 ? std::string{"one "} + one
                                                                           : "{{" + fact + "}} " + several;
}

const char* sign_of(const Entry& entry) { return entry.sign > 0 ? "+" : "\u2212"; }

const char* one_sign(const std::vector<Entry>& entries) {
  return !entries.empty() && std::all_of(entries.begin(), entries.end(),
                                         [&](const Entry& entry) { return entry.sign == entries.front().sign; })
             ? sign_of(entries.front())
             : nullptr;
}

bool is_written(const Study& study) { return !object_of(study.manifest(), "written").empty(); }

std::string usual_setting(const Study& study) {
  for (const auto* list : {&study.claims(), &study.nodes()})
    for (const auto& entry : *list)
      if (const std::string told = study.setting(entry);
          !entry.interaction && study.peculiarity(entry).empty() && !told.empty())
        return told;
  return "as in {{table:setup}}";
}

std::string setting_cell(const Study& study, const Entry& entry) {
  const std::string peculiarity = study.peculiarity(entry);
  if (entry.interaction) return study.conditions(entry) + (peculiarity.empty() ? "" : "; " + peculiarity);
  return peculiarity.empty() ? std::string{kUsual} : peculiarity;
}

std::string whole_in_levels(const Study& study, bool turned) {
  std::vector<std::string> on;
  for (const auto* layer : objects_of(study.scope(), "stack"))
    on.push_back(level_phrase(study.manifest(), text_of(*layer, "factor"), level_name(layer->at("on"))));
  if (turned) std::reverse(on.begin(), on.end());
  return listed(on);
}

std::string limit_of(const Study& study, const Entry& claim) {
  const std::string fact = claim.id + ".smallest_effect";
  return "{{" + fact + "}}" +
         (text_of(study.fact(fact), "text").find(' ') != std::string::npos ? "" : " of " + study.metric_title());
}

std::vector<const Entry*> by_relevance(const Study& study) {
  std::vector<const Entry*> order;
  if (const Entry* claim = study.main_claim()) order.push_back(claim);
  for (const auto& claim : study.claims())
    if (&claim != study.main_claim()) order.push_back(&claim);
  return order;
}

std::size_t reading_of(const Entry& node) {
  return node.lean == Lean::kAsPredicted ? 0 : node.lean == Lean::kAgainst ? 1 : node.lean == Lean::kNull ? 2 : 3;
}

const char* reads_as(std::size_t reading) {
  static constexpr const char* kReadings[] = {"leans to its prediction", "leans against its prediction",
                                              "reads as probably small", "is undecided"};
  return kReadings[reading];
}

std::array<std::vector<std::string>, 4> by_leaning(const Study& study, const std::vector<const Entry*>& nodes) {
  std::array<std::vector<std::string>, 4> names;
  for (const Entry* node : nodes)
    if (node->known) names[reading_of(*node)].push_back(study.name(*node));
  return names;
}

const char* turn(std::size_t index, std::initializer_list<const char*> wordings) {
  return *(wordings.begin() + index % wordings.size());
}

}  // namespace aisci::offline
