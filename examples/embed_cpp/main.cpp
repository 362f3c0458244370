// A host of a few lines: runs a study in its own process and prints what it does.
//   aisci_embed "QUESTION" FOLDER
#include <aisci/scientist.hpp>

#include <cstdio>

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: %s \"QUESTION\" FOLDER\n", argv[0]);
    return 2;
  }
  aisci::Options options;
  options.max_experiments = 3;
  options.initial_hypotheses_kept = 2;
  options.confirmation_share = 0.34;
  options.seed = 7;

  aisci::Scientist scientist{options};
  aisci::Result<aisci::Study> study = scientist.start(argv[1], argv[2]);
  if (!study.ok()) {
    std::fprintf(stderr, "%s\n", study.status().to_string().c_str());
    return 1;
  }
  study->on_event([](const aisci::StudyEvent& event) {
    std::printf("%3.0f%%  %s\n", 100 * event.progress, event.message.c_str());
  });

  const aisci::StudyResult& result = study->wait();
  if (result.state != aisci::StudyState::kCompleted) {
    std::fprintf(stderr, "%s\n", result.status.to_string().c_str());
    return 1;
  }
  for (const auto& verdict : result.paper.verdicts)
    std::printf("%s: %s\n", verdict.statement.c_str(), verdict.verdict.c_str());
  std::printf("%s\n", result.paper.pdf.c_str());
  return 0;
}
