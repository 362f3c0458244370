#include "research/tree_page.hpp"

#include "base/text.hpp"

namespace aisci {
namespace {

constexpr const char* kHead =
    R"(<!doctype html><html lang="en"><head><meta charset="utf-8"><title>aisci: search tree</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
:root{color-scheme:light dark;--line:#8886;--soft:#8881}
body{font:15px/1.45 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
ul{list-style:none;padding-left:1.4rem;border-left:1px solid var(--line)}
summary{cursor:pointer;padding:.3rem .5rem;border-radius:.3rem}summary:hover{background:var(--soft)}
.tag{font-size:.8rem;border:1px solid var(--line);border-radius:.6rem;padding:0 .5rem;margin-left:.4rem}
table{border-collapse:collapse;margin:.5rem 0}td,th{border-bottom:1px solid var(--line);padding:.15rem .7rem;text-align:right}
td:first-child,th:first-child{text-align:left}pre{overflow:auto;background:var(--soft);padding:.6rem}
.claim{border-left:.25rem solid #0072b2;padding-left:.8rem;margin:.8rem 0}</style></head><body>)";

std::string of_belief(const NodeBelief& belief) {
  return fixed(belief.mean, 2) + " &plusmn; " + fixed(belief.stddev, 2);
}

std::string evidence_table(const Evidence& evidence, const Plan& plan, const json::object& manifest) {
  const MetricForm metric = metric_form(object_of(object_of(manifest, "metrics"), plan.metric));
  const auto amount = [&](double value) { return make_amount(value, metric).text; };
  std::string out = "<table><tr><th>arm</th><th>blocks</th><th>mean</th><th>interval</th></tr>";
  for (const auto& arm : evidence.arms) {
    out += "<tr><td>" + html(arm.label) + "</td><td>" + std::to_string(arm.values.size()) + "</td><td>" +
           amount(arm.mean) + "</td><td>" + amount(arm.lower) + " to " + amount(arm.upper) + "</td></tr>";
  }
  const auto& c = evidence.contrast;
  const bool logit = plan.contrast.scale == Contrast::Scale::kLogit;
  const auto form = [&](double value) {
    return logit               ? fixed(value, 2)
           : metric.fraction() ? fixed(100 * value, 1) + " points"
                               : make_change(value, metric).text;
  };
  return out + "<tr><td>contrast</td><td>" + std::to_string(c.values.size()) + "</td><td>" + form(c.mean) +
         "</td><td>" + form(c.lower) + " to " + form(c.upper) + "</td></tr></table>";
}

std::string plain_statement(const json::object& hypothesis, const Referents& referents) {
  std::vector<std::string> ignored;
  return plain(resolve(text_of(hypothesis, "statement"), referents, "statement", ignored));
}

// A document with every reference in its texts resolved.
json::value in_words(const json::value& document, const Referents& referents) {
  if (const auto* text = document.if_string()) {
    std::vector<std::string> ignored;
    return json::value(plain(resolve({text->data(), text->size()}, referents, "plan", ignored)));
  }
  if (const auto* array = document.if_array()) {
    json::array out;
    for (const auto& item : *array) out.push_back(in_words(item, referents));
    return out;
  }
  if (const auto* object = document.if_object()) {
    json::object out;
    for (const auto& entry : *object) out[entry.key()] = in_words(entry.value(), referents);
    return out;
  }
  return document;
}

std::string node_item(const Node& node, const StudyView& study, const Referents& referents) {
  std::vector<std::string> ignored;
  std::string out = "<li><details><summary><b>" + node.id + "</b> " + html(plain_statement(node.hypothesis, referents));
  out += "<span class=tag>" + html(node.evidence ? reading_of(*node.evidence) : "failed") + "</span>";
  if (node.score) out += "<span class=tag>worth " + fixed(node.score->value, 2) + "</span>";
  if (node.belief) out += "<span class=tag>posterior " + of_belief(*node.belief) + "</span>";
  out += "</summary><p>" +
         html(plain(resolve(text_of(node.hypothesis, "rationale"), referents, "rationale", ignored))) + "</p>";
  if (node.evidence)
    out += evidence_table(*node.evidence, node.plan, study.template_document);
  else
    out += "<pre>" + html(node.failure) + "</pre>";
  out += "<details><summary>plan</summary><pre>" + html(pretty(in_words(node.plan.document, referents))) +
         "</pre></details></details>";
  std::string children;
  for (const auto& child : study.nodes)
    if (child.parent == node.id) children += node_item(child, study, referents);
  return out + (children.empty() ? "" : "<ul>" + children + "</ul>") + "</li>";
}

}  // namespace

std::string html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string tree_page(const StudyView& study) {
  const Referents referents = referents_of(study);
  std::string out = std::string{kHead} + "<h1>" + html(study.question) + "</h1><p>" +
                    std::to_string(study.nodes.size()) + " nodes; the search was ended by " + html(study.ended_by) +
                    ".</p><h2>Confirmed claims</h2>";
  for (const auto& claim : study.claims) {
    out += "<div class=claim><b>" + claim.id + "</b> " + html(plain_statement(claim.hypothesis, referents)) +
           "<span class=tag>" + html(claim.verdict) + "</span>";
    if (claim.evidence) out += evidence_table(*claim.evidence, claim.plan, study.template_document);
    out += "</div>";
  }
  out += "<h2>Search tree (exploratory)</h2>";
  if (study.leader)
    out += "<p>The search holds " + study.leader->node + " to be worth most, " + of_belief(study.leader->belief) +
           " by its posterior, of which " + fixed(study.leader->optimism, 2) +
           " is expected to be the optimism of having chosen the best.</p>";
  out += "<ul>";
  for (const auto& node : study.nodes)
    if (node.parent.empty()) out += node_item(node, study, referents);
  return out + "</ul></body></html>\n";
}

}  // namespace aisci
