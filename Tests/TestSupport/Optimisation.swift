/// Whether the tests are built optimised: some take minutes where they are not, and run only there.
#if DEBUG
  package let isOptimised = false
#else
  package let isOptimised = true
#endif
