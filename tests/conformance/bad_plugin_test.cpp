// Plugins that break the rules, each with the status that the host answers with.
#include <aisci/abi_draft.h>
#include <aisci/registry.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <thread>

namespace {

using aisci::StatusCode;

aisci_bytes_t text(const char* words) { return {words, std::strlen(words)}; }

// What each task of the bad agent does.
int32_t act(aisci_instance_t*, const aisci_call_t* call, aisci_bytes_t task, aisci_bytes_t, aisci_sink_t* output) {
  const std::string_view what{static_cast<const char*>(task.data), task.size};
  if (what == "throw int") throw 7;
  if (what == "throw exception") throw std::runtime_error{"across the border"};
  if (what == "unknown code") return 99;
  if (what == "negative code") return -1;
  if (what == "silent failure") return AISCI_NOT_FOUND;
  if (what == "other code than told") {
    call->fail(call, AISCI_NOT_FOUND, text("not here"), {nullptr, 0});
    return AISCI_ABORTED;
  }
  if (what == "control characters") return call->fail(call, AISCI_ABORTED, text("red \x1b[31m alert"), {nullptr, 0});
  if (what == "no output") return AISCI_OK;
  if (what == "two outputs") return output->write(output, text("a")), output->write(output, text("b"));
  if (what == "ignores the sink") {
    output->write(output, {"", std::numeric_limits<uint64_t>::max()});
    return output->write(output, text("small")), AISCI_OK;
  }
  if (what == "foreign thread") {
    int32_t code = AISCI_OK;
    std::thread{[&] { code = output->write(output, text("elsewhere")); }}.join();
    return output->write(output, text(code == AISCI_FAILED_PRECONDITION ? "refused" : "taken"));
  }
  if (what == "fails after writing")
    return output->write(output, text("half")), call->fail(call, AISCI_ABORTED, text("half"), {nullptr, 0});
  if (what == "wild progress") {
    call->progress(call, std::nan(""), text("?"));
    call->progress(call, 17.0, text("?"));
    return output->write(output, text("done"));
  }
  return output->write(output, text("fine"));
}

const aisci_agent_t kBadAgent{sizeof(aisci_agent_t), 0, nullptr, act};
// As from a plugin whose interface ends before `act`.
const aisci_agent_t kShortAgent{offsetof(aisci_agent_t, act), 0, nullptr, act};

int32_t evaluate_nothing(aisci_instance_t*, const aisci_call_t*, const aisci_node_t* const*, uint64_t, aisci_score_t*) {
  return AISCI_OK;
}
const aisci_value_function_t kForgetful{sizeof(aisci_value_function_t), 0, evaluate_nothing};

const void* bad_agent(aisci_instance_t*, const char*) { return &kBadAgent; }
const void* short_agent(aisci_instance_t*, const char*) { return &kShortAgent; }
const void* forgetful(aisci_instance_t*, const char*) { return &kForgetful; }
const void* nothing(aisci_instance_t*, const char*) { return nullptr; }
const void* throwing(aisci_instance_t*, const char*) { throw 1; }
int destroyed = 0;
void destroy(aisci_instance_t*) { ++destroyed; }

aisci_instance_t kBad{sizeof(aisci_instance_t), 0, nullptr, bad_agent, destroy};
aisci_instance_t kShort{sizeof(aisci_instance_t), 0, nullptr, short_agent, destroy};
aisci_instance_t kForgets{sizeof(aisci_instance_t), 0, nullptr, forgetful, destroy};
aisci_instance_t kNoInterface{sizeof(aisci_instance_t), 0, nullptr, nothing, destroy};
aisci_instance_t kThrowsInterface{sizeof(aisci_instance_t), 0, nullptr, throwing, destroy};
aisci_instance_t kIncomplete{sizeof(aisci_instance_t), 0, nullptr, nullptr, destroy};

int32_t create(const aisci_call_t* call, const aisci_setup_t* setup, aisci_instance_t** out) {
  const std::string_view id = setup->component_id;
  if (id == "bad") *out = &kBad;
  if (id == "short") *out = &kShort;
  if (id == "forgets") *out = &kForgets;
  if (id == "no-interface") *out = &kNoInterface;
  if (id == "throws-interface") *out = &kThrowsInterface;
  if (id == "incomplete") *out = &kIncomplete;
  if (id == "throws") throw std::runtime_error{"in create"};
  if (id == "fails") return call->fail(call, AISCI_UNAUTHENTICATED, text("no key"), {nullptr, 0});
  return AISCI_OK;  // "null": says so without an instance
}

constexpr aisci_component_t component(const char* kind, const char* id) {
  return {sizeof(aisci_component_t), 0, kind, id};
}
const aisci_component_t kAgents[] = {component("agent", "bad"),
                                     component("agent", "short"),
                                     component("agent", "null"),
                                     component("agent", "no-interface"),
                                     component("agent", "incomplete"),
                                     component("agent", "throws"),
                                     component("agent", "fails"),
                                     component("agent", "throws-interface"),
                                     component("value_function", "forgets")};
const aisci_component_t* const kComponents[] = {&kAgents[0], &kAgents[1], &kAgents[2], &kAgents[3], &kAgents[4],
                                                &kAgents[5], &kAgents[6], &kAgents[7], &kAgents[8]};
const aisci_plugin_info_t kInfo{sizeof(aisci_plugin_info_t), 0, "org.aisci.test.bad", "1.0.0"};
int shut_down = 0;
void shutdown() { ++shut_down; }
constexpr aisci_plugin_t kGood{
    sizeof(aisci_plugin_t), 0, AISCI_ABI_MAJOR, AISCI_ABI_MINOR, 0, 0, &kInfo, kComponents, 9, create, shutdown};
aisci_plugin_t table = kGood;
const aisci_plugin_t* entry() { return &table; }

// Registers the table after `change`.
template <typename Change>
aisci::Status with(Change change) {
  table = kGood;
  change(table);
  aisci::Registry registry;
  return registry.register_static(&entry);
}

TEST(BadTable, IsRefusedWithItsReason) {
  EXPECT_TRUE(with([](aisci_plugin_t&) {}).ok());
  const auto reason = [](const aisci::Status& status) {
    EXPECT_EQ(status.code(), StatusCode::kFailedPrecondition);
    return status.message();
  };
  EXPECT_NE(reason(with([](aisci_plugin_t& t) { t.abi_major = 2; })).find("built for ABI 2"), std::string::npos);
  EXPECT_NE(reason(with([](aisci_plugin_t& t) { t.min_host_minor = 9; })).find("needs ABI 1.9"), std::string::npos);
  EXPECT_NE(reason(with([](aisci_plugin_t& t) { t.struct_size = 8; })).find("shorter"), std::string::npos);
  EXPECT_NE(reason(with([](aisci_plugin_t& t) { t.struct_size = 40; })).find("shorter"), std::string::npos);
  EXPECT_NE(reason(with([](aisci_plugin_t& t) { t.info = nullptr; })).find("no usable id"), std::string::npos);
  EXPECT_NE(reason(with([](aisci_plugin_t& t) { t.create = nullptr; })).find("no create"), std::string::npos);
  EXPECT_NE(reason(with([](aisci_plugin_t& t) { t.components = nullptr; })).find("no components"), std::string::npos);
  EXPECT_NE(reason(with([](aisci_plugin_t& t) { t.component_count = ~std::uint64_t{0}; })).find("1000"),
            std::string::npos);
  aisci::Registry registry;
  EXPECT_NE(reason(registry.register_static([]() -> const aisci_plugin_t* { return nullptr; })).find("no table"),
            std::string::npos);
}

TEST(BadTable, ComponentNamesAreChecked) {
  static const aisci_component_t odd = component("agent", "../../etc");
  static const aisci_component_t* const odd_list[] = {&odd};
  EXPECT_EQ(with([](aisci_plugin_t& t) { t.components = odd_list, t.component_count = 1; }).code(),
            StatusCode::kFailedPrecondition);
  static const aisci_component_t nameless = component("agent", nullptr);
  static const aisci_component_t* const nameless_list[] = {&nameless};
  EXPECT_EQ(with([](aisci_plugin_t& t) { t.components = nameless_list, t.component_count = 1; }).code(),
            StatusCode::kFailedPrecondition);
}

TEST(NewerTable, LoadsWhenItNeedsNothingNewer) {
  EXPECT_TRUE(with([](aisci_plugin_t& t) { t.abi_minor = 40, t.struct_size = sizeof t + 64; }).ok());
}

class BadComponent : public ::testing::Test {
 protected:
  BadComponent() {
    table = kGood;
    EXPECT_TRUE(registry_.register_static(&entry).ok());
    services_.log = [this](aisci::LogLevel level, std::string_view, std::string_view, std::string_view) {
      misbehaved_ += level == aisci::LogLevel::kPluginMisbehaving;
    };
  }
  aisci::Status create(const std::string& id) { return registry_.create_agent(id, "{}", services_).status(); }
  aisci::Result<std::string> act(const std::string& what) {
    return registry_.create_agent("bad", "{}", services_).value()->act(what, "{}", call_);
  }

  aisci::Registry registry_;
  aisci::HostServices services_;
  aisci::CallContext call_;
  int misbehaved_ = 0;
};

TEST_F(BadComponent, CreationSaysWhy) {
  EXPECT_EQ(create("null").code(), StatusCode::kInternal);
  EXPECT_EQ(create("incomplete").code(), StatusCode::kInternal);
  EXPECT_EQ(create("throws").code(), StatusCode::kInternal);
  EXPECT_EQ(create("throws-interface").code(), StatusCode::kInternal);
  EXPECT_EQ(misbehaved_, 4);
  EXPECT_EQ(create("no-interface").code(), StatusCode::kUnimplemented);
  EXPECT_EQ(create("fails").code(), StatusCode::kUnauthenticated);
  EXPECT_NE(create("fails").message().find("no key"), std::string::npos);
}

TEST_F(BadComponent, ExceptionOutOfAFunction_IsInternal) {
  EXPECT_EQ(act("throw int").status().code(), StatusCode::kInternal);
  EXPECT_EQ(act("throw exception").status().code(), StatusCode::kInternal);
  EXPECT_EQ(misbehaved_, 2);
}

TEST_F(BadComponent, CodesThatMeanNothing_AreUnknown) {
  EXPECT_EQ(act("unknown code").status().code(), StatusCode::kUnknown);
  EXPECT_EQ(act("negative code").status().code(), StatusCode::kUnknown);
}

TEST_F(BadComponent, FailureWithoutWords_KeepsItsCode) {
  EXPECT_EQ(act("silent failure").status().code(), StatusCode::kNotFound);
  EXPECT_NE(act("silent failure").status().message().find("did not say why"), std::string::npos);
  EXPECT_EQ(act("other code than told").status().code(), StatusCode::kAborted);
  EXPECT_EQ(act("control characters").status().message().find('\x1b'), std::string::npos);
}

TEST_F(BadComponent, WrongNumberOfOutputs_IsInternal) {
  EXPECT_EQ(act("no output").status().code(), StatusCode::kInternal);
  EXPECT_EQ(act("two outputs").status().code(), StatusCode::kInternal);
  EXPECT_EQ(act("fails after writing").status().code(), StatusCode::kAborted);
}

TEST_F(BadComponent, TooMuchOutput_FailsTheCallEvenIfThePluginGoesOn) {
  EXPECT_EQ(act("ignores the sink").status().code(), StatusCode::kResourceExhausted);
}

TEST_F(BadComponent, WriteFromAForeignThread_IsRefused) { EXPECT_EQ(act("foreign thread").value(), "refused"); }

TEST_F(BadComponent, ProgressOutsideItsRange_IsDropped) {
  int told = 0;
  call_.on_progress = [&](double, std::string_view) { ++told; };
  EXPECT_EQ(act("wild progress").value(), "done");
  EXPECT_EQ(told, 0);
}

TEST_F(BadComponent, EmptySlot_IsUnimplemented) {
  const auto agent = registry_.create_agent("bad").value();
  EXPECT_EQ(agent->tasks(call_).status().code(), StatusCode::kUnimplemented);
  EXPECT_EQ(agent->act("fine", "{}", call_).value(), "fine");
}

TEST_F(BadComponent, SlotBeyondItsTable_IsNotCalled) {
  EXPECT_EQ(registry_.create_agent("short").value()->act("fine", "{}", call_).status().code(),
            StatusCode::kUnimplemented);
}

TEST_F(BadComponent, ScoreThatWasForgotten_IsInternal) {
  std::vector<aisci::NodeView> nodes(1);
  std::vector<aisci::Score> scores(1);
  const auto function = registry_.create_value_function("forgets").value();
  EXPECT_EQ(function->evaluate(nodes, scores, call_).code(), StatusCode::kInternal);
}

TEST(Lifetime, ShutdownComesOnceAfterTheLastInstanceAndRegistry) {
  table = kGood;
  shut_down = 0;
  destroyed = 0;
  auto first = std::make_unique<aisci::Registry>();
  ASSERT_TRUE(first->register_static(&entry).ok());
  auto second = std::make_unique<aisci::Registry>();
  ASSERT_TRUE(second->register_static(&entry).ok());
  std::shared_ptr<aisci::Agent> agent = first->create_agent("bad").value();
  first.reset();
  second.reset();
  EXPECT_EQ(shut_down, 0);
  EXPECT_EQ(destroyed, 0);
  agent.reset();
  EXPECT_EQ(destroyed, 1);
  EXPECT_EQ(shut_down, 1);
}

}  // namespace
