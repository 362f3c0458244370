// What a study offers to its components, beside the model: the services of aisci/abi/host.h.
#pragma once

#include <aisci/options.hpp>
#include <aisci/registry.hpp>
#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "ledger/ledger.hpp"
#include "runtime/model_tasks.hpp"

namespace aisci {

struct StudyServices {
  const Options& options;  // the resolved ones; copied
  Ledger& ledger;          // outlives the components, as do `tasks` and `registry`
  ModelTasks& tasks;
  Registry& registry;
  bool recording = true;  // false: the study is looked at, and nothing is kept
  // What a component says ("log") and measures ("metric"): type, component, line.
  std::function<void(const std::string& type, const std::string& component, const std::string& line)> tell;
  std::shared_ptr<std::atomic<int>> experiments_left;
  decltype(HostServices::model_task) model_task;
};

HostServices study_services(const StudyServices& study);

}  // namespace aisci
