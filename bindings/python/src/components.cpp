#include "components.hpp"

#include <aisci/conformance.hpp>

#include <pybind11/stl.h>

#include <mutex>

namespace aisci::python {
namespace {

using Texts = std::vector<std::string>;

// The object behind an adapter, and the host's side that it was set up with.
class Behind {
 public:
  explicit Behind(const py::object& object) : weak_{share(py::weakref(object))} {}
  Behind(const Behind&) = delete;
  Behind& operator=(const Behind&) = delete;
  ~Behind() {
    if (host_ && !is_ending()) {
      py::gil_scoped_acquire gil;
      host_->end();
      host_.reset();
    }
  }

  Status set_up(const ComponentSetup& setup) {
    return with_python([&] {
      host_ = std::make_shared<PyHost>(setup.services);
      bridge("set_up")(object(), setup.config_json, host_);
    });
  }

  // Calls aisci._bridge.FUNCTION(component, arguments...) and hands the answer to `take`.
  template <typename Arguments, typename Take>
  Status ask(const char* function, Arguments&& arguments, Take&& take) const {
    return with_python([&] {
      Views views;
      take(bridge(function)(object(), *arguments(views)));
    });
  }

 private:
  py::object object() const {
    py::object found = py::reinterpret_borrow<py::object>(weak_.get())();
    if (found.is_none()) raise(unavailable("the Python object of this component is gone"));
    return found;
  }

  Shared weak_;
  std::shared_ptr<PyHost> host_;  // under the GIL
};

py::str text(std::string_view from) { return py::str(from.data(), from.size()); }

// Hands texts to a sink, without the GIL.
Status pour(const Texts& texts, const Sink& sink) {
  for (const std::string& each : texts) AISCI_RETURN_IF_ERROR(sink(each));
  return {};
}

class PyValueFunction final : public ValueFunction {
 public:
  explicit PyValueFunction(const py::object& object) : behind{object} {}
  Status evaluate(std::span<const NodeView> nodes, std::span<Score> scores, const CallContext& call) override {
    const auto arguments = [&](Views& views) {
      py::list list;
      for (const NodeView& node : nodes) {
        py::dict metrics;
        for (const Metric& metric : node.metrics) metrics[text(metric.name)] = metric.value;
        list.append(PyNodeView{node.id, node.parent, node.visits, node.depth, metrics, views.of(node)});
      }
      return py::make_tuple(list, views.of(call));
    };
    return behind.ask("evaluate", arguments, [&](const py::object& answer) {
      using Row = std::tuple<double, std::optional<double>, int>;
      const auto rows = answer.cast<std::vector<Row>>();
      if (rows.size() != scores.size())
        raise(invalid_argument("the value function gave " + std::to_string(rows.size()) + " scores for " +
                               std::to_string(scores.size()) + " nodes"));
      for (std::size_t i = 0; i < rows.size(); ++i)
        scores[i] = {std::get<0>(rows[i]), std::get<1>(rows[i]), static_cast<StatusCode>(std::get<2>(rows[i]))};
    });
  }
  Behind behind;
};

class PyAgent final : public Agent {
 public:
  explicit PyAgent(const py::object& object) : behind{object} {}
  Result<std::vector<std::string>> tasks(const CallContext& call) override {
    Texts names;
    AISCI_RETURN_IF_ERROR(behind.ask(
        "agent_tasks", [&](Views& views) { return py::make_tuple(views.of(call)); },
        [&](const py::object& answer) { names = answer.cast<Texts>(); }));
    return names;
  }
  Result<std::string> act(std::string_view task, std::string_view input, const CallContext& call) override {
    std::string output;
    AISCI_RETURN_IF_ERROR(behind.ask(
        "agent_act", [&](Views& views) { return py::make_tuple(text(task), text(input), views.of(call)); },
        [&](const py::object& answer) { output = answer.cast<std::string>(); }));
    return output;
  }
  Behind behind;
};

// One call at a time, unless the object says that it is `concurrent`. Taken before the GIL.
class Turns {
 public:
  explicit Turns(const py::object& object) : concurrent_{py::cast<bool>(object.attr("concurrent"))} {}
  std::unique_lock<std::mutex> take() {
    return concurrent_ ? std::unique_lock<std::mutex>{} : std::unique_lock<std::mutex>{one_};
  }

 private:
  bool concurrent_;
  std::mutex one_;
};

class PyLLMProvider final : public LLMProvider {
 public:
  explicit PyLLMProvider(const py::object& object) : behind{object}, turns_{object} {}
  Status complete(std::string_view request, const Sink& deltas, const Sink& response,
                  const CallContext& call) override {
    const auto turn = turns_.take();
    std::string answered;
    AISCI_RETURN_IF_ERROR(behind.ask(
        "complete", [&](Views& views) { return py::make_tuple(text(request), views.of(deltas), views.of(call)); },
        [&](const py::object& answer) { answered = answer.cast<std::string>(); }));
    return response(answered);
  }
  Result<std::vector<std::vector<float>>> embed(std::span<const std::string_view> texts,
                                                const CallContext& call) override {
    const auto turn = turns_.take();
    std::vector<std::vector<float>> vectors;
    const auto arguments = [&](Views& views) {
      py::list list;
      for (const std::string_view each : texts) list.append(text(each));
      return py::make_tuple(list, views.of(call));
    };
    AISCI_RETURN_IF_ERROR(behind.ask("embed", arguments, [&](const py::object& answer) {
      vectors = answer.cast<std::vector<std::vector<float>>>();
    }));
    return vectors;
  }
  Result<std::uint64_t> count_tokens(std::string_view counted, const CallContext& call) override {
    const auto turn = turns_.take();
    std::uint64_t tokens = 0;
    AISCI_RETURN_IF_ERROR(behind.ask(
        "count_tokens", [&](Views& views) { return py::make_tuple(text(counted), views.of(call)); },
        [&](const py::object& answer) { tokens = answer.cast<std::uint64_t>(); }));
    return tokens;
  }
  Result<Texts> models(const CallContext& call) override {
    const auto turn = turns_.take();
    Texts list;
    AISCI_RETURN_IF_ERROR(behind.ask(
        "models", [&](Views& views) { return py::make_tuple(views.of(call)); },
        [&](const py::object& answer) { list = answer.cast<Texts>(); }));
    return list;
  }
  Behind behind;

 private:
  Turns turns_;
};

class PyRetriever final : public Retriever {
 public:
  explicit PyRetriever(const py::object& object) : behind{object}, turns_{object} {}
  Status search(std::string_view query, std::uint32_t k, const Sink& records, const CallContext& call) override {
    const auto turn = turns_.take();
    Texts found;
    AISCI_RETURN_IF_ERROR(behind.ask(
        "search", [&](Views& views) { return py::make_tuple(text(query), k, views.of(call)); },
        [&](const py::object& answer) { found = answer.cast<Texts>(); }));
    return pour(found, records);
  }
  Status fetch(std::string_view id, const Sink& record, const CallContext& call) override {
    const auto turn = turns_.take();
    std::string found;
    AISCI_RETURN_IF_ERROR(behind.ask(
        "fetch", [&](Views& views) { return py::make_tuple(text(id), views.of(call)); },
        [&](const py::object& answer) { found = answer.cast<std::string>(); }));
    return record(found);
  }
  Behind behind;

 private:
  Turns turns_;
};

class PyWriter final : public Writer {
 public:
  explicit PyWriter(const py::object& object) : behind{object} {}
  Status render(std::string_view paper, std::string_view artefacts, const Sink& files,
                const CallContext& call) override {
    Texts made;
    AISCI_RETURN_IF_ERROR(behind.ask(
        "render", [&](Views& views) { return py::make_tuple(text(paper), text(artefacts), views.of(call)); },
        [&](const py::object& answer) { made = answer.cast<Texts>(); }));
    return pour(made, files);
  }
  Result<std::string> check(std::string_view paper, const CallContext& call) override {
    std::string problems;
    AISCI_RETURN_IF_ERROR(behind.ask(
        "check", [&](Views& views) { return py::make_tuple(text(paper), views.of(call)); },
        [&](const py::object& answer) { problems = answer.cast<std::string>(); }));
    return problems;
  }
  Behind behind;
};

class PySession final : public SandboxSession {
 public:
  explicit PySession(py::object session) : session_{share(std::move(session))} {}
  ~PySession() override {
    (void)with_python([&] { bridge("session_close")(object()); });
  }
  PySession(const PySession&) = delete;
  PySession& operator=(const PySession&) = delete;

  Status put(std::string_view path, const Source& source, const CallContext& call) override {
    return with_python([&] {
      Views views;
      bridge("session_put")(object(), text(path), views.of(source), views.of(call));
    });
  }
  Status get(std::string_view path, const Sink& bytes, const CallContext& call) override {
    return with_python([&] {
      Views views;
      bridge("session_get")(object(), text(path), views.of(bytes), views.of(call));
    });
  }
  Result<std::string> start(std::string_view spec, std::string_view run_id, const CallContext& call) override {
    std::string token;
    AISCI_RETURN_IF_ERROR(with_python([&] {
      Views views;
      token = bridge("session_start")(object(), text(spec), text(run_id), views.of(call)).cast<std::string>();
    }));
    return token;
  }
  Result<Exit> wait(std::string_view token, const Sink& output, const Sink& errors, const Sink& events,
                    const CallContext& call) override {
    Exit ended;
    AISCI_RETURN_IF_ERROR(with_python([&] {
      Views views;
      const py::object exit = bridge("session_wait")(object(), text(token), views.of(output), views.of(errors),
                                                     views.of(events), views.of(call));
      read(exit, ended);
    }));
    return ended;
  }
  Status kill(std::string_view token, std::chrono::nanoseconds grace, const CallContext& call) override {
    return with_python([&] {
      Views views;
      bridge("session_kill")(object(), text(token), std::chrono::duration<double>(grace).count(), views.of(call));
    });
  }

 private:
  py::object object() const { return py::reinterpret_borrow<py::object>(session_.get()); }

  static void read(const py::object& from, Exit& exit) {
    const auto seconds = [&](const char* name) {
      return std::chrono::duration_cast<std::chrono::nanoseconds>(
          std::chrono::duration<double>{from.attr(name).cast<double>()});
    };
    exit.code = from.attr("code").cast<int>();
    exit.signal = from.attr("signal").cast<int>();
    exit.timed_out = from.attr("timed_out").cast<bool>();
    exit.out_of_memory = from.attr("out_of_memory").cast<bool>();
    exit.killed = from.attr("killed").cast<bool>();
    exit.output_cut = from.attr("output_cut").cast<bool>();
    exit.lost = from.attr("lost").cast<bool>();
    exit.wall = seconds("wall_seconds");
    exit.user = seconds("user_seconds");
    exit.system = seconds("system_seconds");
    exit.max_rss_bytes = from.attr("max_rss_bytes").cast<std::uint64_t>();
  }

  Shared session_;
};

class PySandbox final : public Sandbox {
 public:
  explicit PySandbox(const py::object& object) : behind{object} {}
  Result<std::unique_ptr<SandboxSession>> open(std::string_view limits, const CallContext& call) override {
    return session("open_session", limits, call);
  }
  Result<std::unique_ptr<SandboxSession>> attach(std::string_view run_id, const CallContext& call) override {
    return session("attach", run_id, call);
  }
  Result<Texts> leftovers(const CallContext& call) override {
    Texts list;
    AISCI_RETURN_IF_ERROR(behind.ask(
        "leftovers", [&](Views& views) { return py::make_tuple(views.of(call)); },
        [&](const py::object& answer) { list = answer.cast<Texts>(); }));
    return list;
  }
  Behind behind;

 private:
  Result<std::unique_ptr<SandboxSession>> session(const char* function, std::string_view argument,
                                                  const CallContext& call) {
    std::unique_ptr<SandboxSession> made;
    AISCI_RETURN_IF_ERROR(behind.ask(
        function, [&](Views& views) { return py::make_tuple(text(argument), views.of(call)); },
        [&](const py::object& answer) { made = std::make_unique<PySession>(answer); }));
    return made;
  }
};

template <typename T, typename Adapter>
Status register_as(Registry& registry, const std::string& id, const py::object& object) {
  // A set-up of its own for each study that creates it.
  const Shared weak = share(py::weakref(object));
  return registry.register_component<T>(id, Factory<T>{[weak](const ComponentSetup& setup) {
                                          std::shared_ptr<Adapter> adapter;
                                          Status status = with_python([&] {
                                            const py::object found = py::reinterpret_borrow<py::object>(weak.get())();
                                            if (found.is_none())
                                              raise(unavailable("the Python object of this component is gone"));
                                            adapter = std::make_shared<Adapter>(found);
                                          });
                                          if (status.ok()) status = adapter->behind.set_up(setup);
                                          return status.ok() ? Result<std::shared_ptr<T>>{std::move(adapter)}
                                                             : Result<std::shared_ptr<T>>{status};
                                        }});
}

template <typename Adapter>
void check_as(const py::object& object, const std::string& name, ConformanceReport& report) {
  Adapter adapter{object};
  py::gil_scoped_release let_go;
  check_component(adapter, name, report);
}

// The six kinds by name.
struct Kind {
  const char* name;
  Status (*add)(Registry&, const std::string&, const py::object&);
  void (*check)(const py::object&, const std::string&, ConformanceReport&);
};
constexpr Kind kKinds[] = {
    {"value_function", &register_as<ValueFunction, PyValueFunction>, &check_as<PyValueFunction>},
    {"agent", &register_as<Agent, PyAgent>, &check_as<PyAgent>},
    {"sandbox", &register_as<Sandbox, PySandbox>, &check_as<PySandbox>},
    {"llm_provider", &register_as<LLMProvider, PyLLMProvider>, &check_as<PyLLMProvider>},
    {"retriever", &register_as<Retriever, PyRetriever>, &check_as<PyRetriever>},
    {"writer", &register_as<Writer, PyWriter>, &check_as<PyWriter>},
};

const Kind& kind_of(const std::string& name) {
  for (const Kind& kind : kKinds)
    if (name == kind.name) return kind;
  raise(invalid_argument("there is no kind of component \"" + name + "\""));
}

}  // namespace

Status register_object(Registry& registry, const std::string& kind, const std::string& id, const py::object& object) {
  return kind_of(kind).add(registry, id, object);
}

std::string check_object(const std::string& kind, const py::object& object, const std::string& name) {
  ConformanceReport report;
  kind_of(kind).check(object, name, report);
  return to_json(report);
}

}  // namespace aisci::python
