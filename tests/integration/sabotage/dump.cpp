#include <iostream>
#include "support/simulated_study.hpp"
namespace aisci {
TEST(Dump, All) {
  const char* out = std::getenv("DUMP");
  int i = 0;
  for (const char* q :
       {"How does the choice of activation function affect Vision Transformers on small datasets?",
        "Does dropout help small convolutional networks?", "Does label smoothing improve accuracy on small datasets?",
        "Does weight decay interact with dropout in Vision Transformers?",
        "Is batch normalisation better than layer normalisation in an MLP?",
        "How does depth affect accuracy of a Vision Transformer?"}) {
    for (double e : {0.0, 0.35}) {
      testing::SimulatedWorld w;
      w.effect = e;
      auto s = testing::simulate(q, 11 + i, w);
      std::cout << q << " " << e << " " << json::serialize(member(s.reviewed, "counts"))
                << member(s.reviewed, "ended_by") << ":";
      for (auto& v : s.result.paper.verdicts) std::cout << " " << v.verdict;
      std::cout << std::endl;
      if (out) {
        (void)write_file(std::string(out) + "/b" + std::to_string(i) + ".json", json::serialize(s.reviewed));
      }
      ++i;
    }
  }
}
}  // namespace aisci
