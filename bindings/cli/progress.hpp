// The live line of a running study: a bar on a terminal, plain lines elsewhere.
#pragma once

#include <aisci/scientist.hpp>

#include <chrono>
#include <mutex>
#include <string>

namespace aisci::cli {

class Progress {
 public:
  Progress(bool quiet, bool json);
  // From any thread.
  void tell(const StudyEvent& event);
  // Redraws, so that a person sees that time passes; call a few times a second.
  void tick();
  void finish();

 private:
  void draw();

  const bool quiet_, json_, terminal_;
  std::mutex mutex_;
  std::string line_;
  double progress_ = 0;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

}  // namespace aisci::cli
