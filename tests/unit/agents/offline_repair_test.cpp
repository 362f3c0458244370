// Repairs of programs by rules, and how the paper tells that a recipe changed.
#include "llm/offline/repair.hpp"

#include <gtest/gtest.h>
#include <aisci/plugin/call.hpp>

#include "unit/agents/study_fixture.hpp"

namespace aisci {
namespace {

using kit::array_of;
using kit::object_of;
using kit::text_of;

constexpr const char* kFailure =
    "ended with exit code 1; last lines:\n  File \"/job/experiment.py\", line 3, in <module>\n    x = math.sqrt(2)\n"
    "NameError: name 'math' is not defined";

json::object repaired(const std::string& code, const std::string& failure) {
  return offline::design_repair({{"code", json::object{{"experiment.py", code}}}, {"failure", failure}});
}

TEST(OfflineRepair, MissingImportComesAfterTheModuleThatPinsThreads) {
  const auto answer = repaired("\"\"\"Doc.\"\"\"\nimport aisci_experiment\nimport os\nx = math.sqrt(2)\n", kFailure);
  EXPECT_EQ(text_of(object_of(answer, "code"), "experiment.py"),
            "\"\"\"Doc.\"\"\"\nimport aisci_experiment\nimport math\nimport os\nx = math.sqrt(2)\n");
  EXPECT_EQ(text_of(answer, "told"), "experiment.py used math without importing it");
  EXPECT_EQ(text_of(object_of(repaired("from os import path\nx = math.sqrt(2)\n", kFailure), "code"), "experiment.py"),
            "import math\nfrom os import path\nx = math.sqrt(2)\n");
}

TEST(OfflineRepair, AnImportOfALongerNameIsAnother) {
  const std::string failure = "File \"/job/experiment.py\", line 2\nNameError: name 're' is not defined";
  const auto answer = repaired("import requests\nx = re.sub('a', 'b', 'a')\n", failure);
  EXPECT_EQ(text_of(object_of(answer, "code"), "experiment.py"),
            "import re\nimport requests\nx = re.sub('a', 'b', 'a')\n");
}

TEST(OfflineRepair, AnythingElseIsUnimplemented) {
  for (const auto& [code, failure] : std::vector<std::pair<std::string, std::string>>{
           {"x = 1\n", "File \"/job/experiment.py\", line 1\nTypeError: no"},
           {"x = y\n", "File \"/job/experiment.py\", line 1\nNameError: name 'y' is not defined"},
           {"import math\n", kFailure},
           {"if True:\n    import math  \r\n", kFailure},
           {"x = 1\nimport math", kFailure},
           {"x = 1\n", "File \"/job/other.py\", line 1\nNameError: name 'math' is not defined"},
           {"x = 1\n", ""}}) {
    try {
      repaired(code, failure);
      ADD_FAILURE() << failure;
    } catch (const plugin::Error& error) {
      EXPECT_EQ(error.code(), plugin::Code::kUnimplemented);
    }
  }
}

TEST(ChangedRecipe, IsADeviationInTheAppendix) {
  json::object study = fixture::study("supported");
  auto& node = study["nodes"].as_array().at(0).as_object();
  const std::string id = text_of(node, "id");
  const json::object halved{{"failure_class", "memory"},
                            {"remedy", "halve_batch_size"},
                            {"number", "batch_size"},
                            {"files", json::array{}},
                            {"told", ""}};
  const json::object mended{{"failure_class", "code"},
                            {"remedy", "repair_code"},
                            {"number", ""},
                            {"files", json::array{"experiment.py"}},
                            {"told", "used math without importing it"}};
  node["changes"] = json::array{halved, mended};
  auto& facts = study["facts"].as_object();
  facts[id + ".change1.from"] = json::object{{"kind", "count"}, {"text", "24"}, {"value", 24}};
  facts[id + ".change1.to"] = json::object{{"kind", "count"}, {"text", "12"}, {"value", 12}};
  study = fixture::analysed(study);
  const auto paper = offline::writing_paper(study);
  EXPECT_EQ(writing::paper_problems(paper, study), std::vector<std::string>{});
  const std::string text = fixture::printed_paper(paper, study);
  EXPECT_NE(text.find("ran out of memory; every arm and block of it ran again with batch size 12 in place of 24"),
            std::string::npos);
  EXPECT_NE(
      text.find("ended by an error of its program; every arm and block of it ran again with its program repaired"),
      std::string::npos);
}

}  // namespace
}  // namespace aisci
