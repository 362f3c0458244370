// The commands that tell about a study: show, from its ledger alone, also while another process runs it; explain, from
// a number of its paper back to the raw files.

#include <aisci/plugin/json.hpp>

#include <cstdio>
#include <string>
#include <vector>

#include "cli.hpp"

namespace aisci::cli {
namespace {

using plugin::json::Value;

// A closed verdict if there is one, else the posterior's reading, else how far it got.
std::string standing(const Value& node) {
  for (const char* const name : {"verdict", "reading", "state"})
    if (const std::string text = node[name].text(); !text.empty()) return text;
  return "-";
}

void print_nodes(const Value& nodes, const std::string& parent, int depth) {
  for (const Value& node : nodes.items()) {
    if (node["parent"].text() != parent) continue;
    const std::string id = std::string(static_cast<std::size_t>(2 * depth), ' ') + node["id"].text();
    const std::string worth = node["score"].is_number() ? std::to_string(node["score"].number()).substr(0, 4) : "-";
    std::printf("  %-8s %-15s %5s %4d  %s\n", id.c_str(), standing(node).c_str(), worth.c_str(),
                static_cast<int>(node["experiments"].integer()), node["hypothesis"].text().c_str());
    for (const Value& judged : node["judgements"].items()) {
      char score[32] = "";
      if (judged["score"].is_number()) std::snprintf(score, sizeof score, " %.3g", judged["score"].number());
      std::printf("           %s%s: %s\n", judged["task"].text().c_str(), score, judged["why"].text().c_str());
    }
    print_nodes(nodes, node["id"].text(), depth + 1);
  }
}

void print_claims(const Value& claims) {
  for (const Value& claim : claims.items()) {
    const auto blocks = static_cast<int>(claim["blocks"].integer());
    if (claim["verdict"].is_text())
      std::printf("  %-8s %-15s %+.3g [%+.3g, %+.3g], n = %d  %s\n", claim["id"].text().c_str(),
                  claim["verdict"].text().c_str(), claim["effect"].number(), claim["lower"].number(),
                  claim["upper"].number(), blocks, claim["statement"].text().c_str());
    else
      std::printf("  %-8s %-15s n = %d planned  %s\n", claim["id"].text().c_str(), "locked", blocks,
                  claim["statement"].text().c_str());
  }
}

void print_text(const Value& shown) {
  const Value& study = shown["study"];
  const std::string ended_by = study["ended_by"].text();
  std::printf("Question  %s\n", study["question"].text().c_str());
  std::printf("State     %s%s\n", shown["state"].text().c_str(),
              ended_by.empty() ? "" : (", the search ended by " + ended_by).c_str());
  std::printf("Begun     %s, last event %s, seed %s, aisci %s\n", study["created"].text().c_str(),
              study["updated"].text().c_str(), study["seed"].text().c_str(), study["aisci"].text().c_str());
  const Value& cost = shown["cost"];
  std::printf("Cost      %d trials, %d model calls, %d tokens in, %d out", static_cast<int>(cost["trials"].integer()),
              static_cast<int>(cost["model_calls"].integer()), static_cast<int>(cost["input_tokens"].integer()),
              static_cast<int>(cost["output_tokens"].integer()));
  if (cost["usd"].is_null())
    std::printf(", of a price that is not known (--llm-price)\n");
  else if (cost["model_attempts"].integer() > 0)
    std::printf(", %.4f US dollars\n", cost["usd"].number());
  else
    std::printf("\n");
  for (const Value& missing : study["degraded"].items()) std::printf("Degraded  %s\n", missing.text().c_str());
  if (!shown["nodes"].items().empty()) {
    std::printf("\nHypotheses (standing, worth, experiments)\n");
    print_nodes(shown["nodes"], "", 0);
  }
  if (!shown["claims"].items().empty()) {
    std::printf("\nClaims (verdict, effect with its interval, blocks)\n");
    print_claims(shown["claims"]);
  }
}

// Of a trial what the fact was computed from.
const Value& reported(const Value& trial) {
  for (const char* name : {"training_loss", "training_accuracy", "parameters"})
    if (trial[name].is_number()) return trial[name];
  return trial["score"];
}

void print_explanation(const Value& told) {
  for (const Value& match : told["matches"].items()) {
    const bool fact = match["fact"].is_text();
    std::printf("%s  %s %s", match["printed"].text().c_str(), fact ? "is" : "is no fact, it comes from",
                match[fact ? "fact" : "source"].text().c_str());
    if (match["value"].is_number()) std::printf(" = %.17g", match["value"].number());
    std::printf("\n  %s\n  printed in:", match["how"].text().c_str());
    const char* between = " ";
    for (const Value& place : match["places"].items()) {
      std::printf("%s%s", between, place.text().c_str());
      between = "; ";
    }
    std::printf("\n");
    if (!match["lines"].items().empty()) std::printf("  lines of the table:");
    for (const Value& line : match["lines"].items()) std::printf(" %d", static_cast<int>(line.integer()));
    if (!match["lines"].items().empty()) std::printf("\n");
    for (const Value& block : match["blocks"].items()) {
      std::printf("  block %d, seed %s", static_cast<int>(block["block"].integer()), block["seed"].text().c_str());
      if (block["contrast"].is_number()) std::printf(", contrast %+.6g", block["contrast"].number());
      std::printf("\n");
      for (const Value& trial : block["trials"].items())
        std::printf("    %-24s %-10.6g %s\n", trial["arm"].text().c_str(), reported(trial).number(),
                    trial["file"].text().c_str());
    }
    std::printf("\n");
  }
  if (!told["holds"].flag()) std::printf("This study does NOT hold as it lies there; see  aisci verify\n");
}

}  // namespace

int explain(const RunArguments& arguments, const std::string& number) {
  const auto plugins = trusted_plugins(arguments);
  if (!plugins.ok()) return fail(plugins.status());
  const auto told = explain_number(arguments.folder, number, *plugins);
  if (!told.ok()) return fail(told.status());
  if (arguments.json)
    std::printf("%s", told->c_str());
  else
    print_explanation(plugin::json::parse(*told));
  return kDone;
}

int show(const std::string& folder, bool json) {
  const auto description = describe_study(folder);
  if (!description.ok()) return fail(description.status());
  if (json)
    std::printf("%s", description->c_str());
  else
    print_text(plugin::json::parse(*description));
  return kDone;
}

}  // namespace aisci::cli
