// Studies: configuration, the handle of a run, the registry, and looking at studies from outside.
#include "components.hpp"

#include <aisci/inspect.hpp>
#include <aisci/scientist.hpp>

#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <chrono>
#include <mutex>
#include <thread>

namespace aisci::python {
namespace {

// How long a wait lasts before Ctrl-C is looked for.
constexpr std::chrono::milliseconds kSlice{20};
using RegistryPtr = std::shared_ptr<Registry>;

// Ends studies whose last reference went on a thread of a study, which cannot wait for itself.
class Undertaker {
 public:
  void take(Study* study) {
    const std::lock_guard lock{mutex_};
    threads_.emplace_back([study] { delete study; });
  }
  void finish() {
    for (std::thread& thread : std::exchange(threads_, {})) thread.join();
  }

 private:
  std::mutex mutex_;
  std::vector<std::thread> threads_;
};

Undertaker& undertaker() {
  static auto* const forever = new Undertaker;  // a thread may be at work when statics go
  return *forever;
}

// Without the GIL: the study's threads may want it to end.
void end(Study* study) {
  if (is_called_back()) return undertaker().take(study);
  if (!PyGILState_Check()) {
    delete study;
    return;
  }
  py::gil_scoped_release let_go;
  delete study;
}

// One Study.
class Handle {
 public:
  explicit Handle(Study study) : study_{new Study{std::move(study)}, &end} {}

  // Its own reference: close() may come from another thread.
  std::shared_ptr<Study> study() const {
    if (!study_) raise(failed_precondition("this study was closed"));
    return study_;
  }
  void close() { study_.reset(); }

 private:
  std::shared_ptr<Study> study_;
};

template <typename Body>
auto with_study(const Handle& handle, Body&& body) {
  std::shared_ptr<Study> study = handle.study();
  py::gil_scoped_release let_go;
  return body(*study);
}

void tell(const Handle& handle, py::object callback) {
  auto told = [callback = share(std::move(callback))](const StudyEvent& event) {
    // The callback itself lets nothing out (aisci/scientist.py).
    (void)with_python([&] {
      py::reinterpret_borrow<py::object>(callback.get())(event.type, event.key, event.message, event.progress,
                                                         event.document);
    });
  };
  with_study(handle, [&](Study& study) { study.on_event(std::move(told)); });
}

bool running(const Study& study) {
  const StudyState state = study.state();
  return state == StudyState::kRunning || state == StudyState::kPaused;
}

py::dict as_dict(const StudyResult& result) {
  using namespace py::literals;
  py::list verdicts;
  for (const Verdict& v : result.paper.verdicts)
    verdicts.append(py::dict("claim"_a = v.claim, "statement"_a = v.statement, "verdict"_a = v.verdict,
                             "effect"_a = v.effect, "lower"_a = v.lower, "upper"_a = v.upper, "unit"_a = v.unit,
                             "blocks"_a = v.blocks));
  const Cost& cost = result.paper.cost;
  py::dict paper("pdf"_a = result.paper.pdf, "latex"_a = result.paper.latex, "code"_a = result.paper.code,
                 "summary"_a = result.paper.summary, "experiment_logs"_a = result.paper.experiment_logs,
                 "findings"_a = result.paper.findings, "verdicts"_a = verdicts, "reviews"_a = result.paper.reviews,
                 "quality"_a = result.paper.quality,
                 "cost"_a = py::dict("usd"_a = cost.usd, "model_calls"_a = cost.model_calls,
                                     "model_attempts"_a = cost.model_attempts, "input_tokens"_a = cost.input_tokens,
                                     "output_tokens"_a = cost.output_tokens, "trials"_a = cost.trials));
  return py::dict("state"_a = to_string(result.state), "code"_a = static_cast<int>(result.status.code()),
                  "reason"_a = result.status.message(), "ended_by"_a = result.ended_by, "degraded"_a = result.degraded,
                  "next"_a = result.next, "head"_a = result.head, "paper"_a = paper);
}

// Nothing: the time was over first.
py::object wait(const Handle& handle, std::optional<double> seconds) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::duration<double>{seconds.value_or(0)};
  const std::shared_ptr<Study> study = handle.study();
  for (;;) {
    bool ended = false;
    {
      py::gil_scoped_release let_go;
      const auto slice = std::chrono::steady_clock::now() + kSlice;
      while (!(ended = !running(*study)) && std::chrono::steady_clock::now() < slice)
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    if (ended) break;
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    if (seconds && std::chrono::steady_clock::now() >= deadline) return py::none();
  }
  return as_dict(study->wait());  // at once
}

using Text = std::pair<std::string, std::string>;

Options options_of(const std::vector<Text>& texts) {
  Options options;
  for (const auto& [name, value] : texts) raise_unless_ok(set_option(options, name, value));
  raise_unless_ok(check_options(options));
  return options;
}

Handle start(const std::vector<Text>& options, const RegistryPtr& registry, const std::string& question,
             const std::filesystem::path& folder, const std::filesystem::path& state) {
  Scientist scientist{options_of(options)};
  scientist.use(registry);
  scientist.remember_in(state);
  py::gil_scoped_release let_go;
  return Handle{scientist.start(question, folder).value()};
}

Handle resume(const std::vector<Text>& options, const RegistryPtr& registry, const std::filesystem::path& folder,
              const std::filesystem::path& state, bool trusted) {
  Scientist scientist{options_of(options)};
  scientist.use(registry);
  scientist.remember_in(state);
  ResumeOptions how;
  how.trusted = trusted;
  py::gil_scoped_release let_go;
  return Handle{scientist.resume(folder, how).value()};
}

// The options of a configuration, as texts by name.
std::map<std::string, std::string> texts_of(const Options& options) {
  std::map<std::string, std::string> texts;
  for (const OptionInfo& info : option_table()) texts[info.name] = get_option(options, info.name);
  return texts;
}

py::list list_components(const Registry& registry) {
  using namespace py::literals;
  py::list list;
  for (const ComponentInfo& info : registry.list())
    list.append(py::dict("kind"_a = info.kind, "id"_a = info.id, "plugin"_a = info.plugin, "version"_a = info.version,
                         "path"_a = info.path, "apart"_a = info.apart, "loaded"_a = info.loaded,
                         "problem"_a = info.problem));
  return list;
}

Trust trust_of(const std::string& isolation) {
  Trust trust;
  trust.isolation = value_or_raise(parse_isolation(isolation));
  return trust;
}

py::tuple verify(const std::filesystem::path& folder, const std::string& plugins, const RegistryPtr& registry) {
  VerifyReport report;
  {
    py::gil_scoped_release let_go;
    report = verify_study(folder, plugins, registry).value();
  }
  std::vector<std::tuple<std::string, std::string, std::string>> problems;
  for (const Problem& problem : report.problems) problems.emplace_back(problem.place, problem.expected, problem.found);
  return py::make_tuple(problems, report.checks);
}

void bind_handle(py::module_& module) {
  py::class_<Handle>(module, "StudyHandle")
      .def("on_event", &tell)
      .def("state", [](const Handle& self) { return to_string(self.study()->state()); })
      .def("progress", [](const Handle& self) { return self.study()->progress(); })
      .def("pause", [](const Handle& self) { with_study(self, [](Study& study) { study.pause(); }); })
      .def("resume", [](const Handle& self) { with_study(self, [](Study& study) { study.resume(); }); })
      .def("cancel", [](const Handle& self) { with_study(self, [](Study& study) { study.cancel(); }); })
      .def("steer",
           [](const Handle& self, bool finish_search, const std::string& hypothesis) {
             raise_unless_ok(with_study(self, [&](Study& study) {
               return study.steer(Steering{finish_search, hypothesis});
             }));
           })
      .def("wait", &wait)
      .def("close", &Handle::close);
}

void bind_registry(py::module_& module) {
  py::class_<Registry, RegistryPtr>(module, "Registry")
      .def(py::init<>())
      .def("register", [](Registry& self, const std::string& kind, const std::string& id,
                          const py::object& object) { raise_unless_ok(register_object(self, kind, id, object)); })
      .def("load_plugin",
           [](Registry& self, const std::filesystem::path& file, const std::string& isolation) {
             const Trust trust = trust_of(isolation);
             py::gil_scoped_release let_go;
             if (const Status status = self.load_plugin(file, trust); !status.ok()) throw StatusError{status};
           })
      .def("load_folder",
           [](Registry& self, const std::filesystem::path& folder, const std::string& isolation) {
             raise_unless_ok(self.load_folder(folder, trust_of(isolation)));
           })
      .def_static("shipped_folder", &Registry::shipped_folder)
      .def("list", &list_components);
}

}  // namespace

void bind_study(py::module_& module) {
  bind_handle(module);
  // The last thing that Python asks of this module.
  module.def("finish", [] {
    {
      py::gil_scoped_release let_go;
      undertaker().finish();
    }
    set_ending();
  });
  module.def("start", &start);
  module.def("resume", &resume);
  module.def("default_state_folder", &default_state_folder);
  module.def("option_texts", [](const std::vector<Text>& options) { return texts_of(options_of(options)); });
  module.def("load_options", [](const std::map<std::string, std::string>& flags, const std::string& file) {
    return texts_of(value_or_raise(load_options(flags, file)).options);
  });
  module.def("read_options", [](const std::string& toml, const std::string& name) {
    return texts_of(value_or_raise(read_options(toml, name)).options);
  });
  module.def("option_table", [] {
    std::vector<std::array<std::string, 5>> rows;
    for (const OptionInfo& info : option_table())
      rows.push_back({info.name, info.flag, info.environment, info.help, info.default_text});
    return rows;
  });

  bind_registry(module);
  module.def("check_object", &check_object);

  module.def("describe_study",
             [](const std::filesystem::path& folder) { return value_or_raise(describe_study(folder)); });
  module.def("verify_study", &verify);
  module.def("explain_number", [](const std::filesystem::path& folder, const std::string& number,
                                  const std::string& plugins, const RegistryPtr& registry) {
    py::gil_scoped_release let_go;
    return explain_number(folder, number, plugins, registry).value();
  });
}

}  // namespace aisci::python
