import CGLPK
import Testing

@Suite("Failures inside GLPK")
struct FailureTests {
  @Test("GLPK's abort becomes a return code, and the thread's GLPK goes on")
  func abortIsCaught() {
    cglpk_silence()
    let problem = unsafe glp_create_prob()
    var simplex = glp_smcp()
    unsafe glp_init_smcp(&simplex)
    simplex.meth = 99
    #expect(unsafe cglpk_simplex(problem, &simplex) == -1)
    var search = unsafe glp_iocp()
    unsafe glp_init_iocp(&search)
    unsafe search.br_tech = 99
    #expect(unsafe cglpk_intopt(problem, &search) == -1)
    simplex.meth = GLP_DUAL
    #expect(unsafe cglpk_simplex(problem, &simplex) == 0)
    unsafe glp_delete_prob(problem)
  }
}
