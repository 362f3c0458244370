/* A shared object that is no plugin. */
int aisci_test_no_plugin(void);
int aisci_test_no_plugin(void) { return 1; }
