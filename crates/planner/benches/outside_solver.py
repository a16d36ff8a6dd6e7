#!/usr/bin/env python3
"""Solves an MPS file with HiGHS or CP-SAT and writes the best point found.

    outside_solver.py highs|cp-sat MODEL.mps SECONDS THREADS ANSWER

ANSWER gets a line `x12 3` for each column that is not 0, and nothing when no point was found. The
last line of the output is JSON: {"objective", "bound", "seconds"}; null where there is none.
Needs PyPI highspy or ortools (requirements.txt).
"""
import json
import math
import sys
import time


def highs(path, seconds, threads):
    import highspy

    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("time_limit", seconds)
    solver.setOptionValue("threads", threads)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.readModel(path)
    solver.run()
    info = solver.getInfo()
    found = info.primal_solution_status == 2
    names = solver.getLp().col_names_
    values = solver.getSolution().col_value if found else []
    objective = info.objective_function_value if found else None
    return objective, info.mip_dual_bound, list(zip(names, values))


def cp_sat(path, seconds, threads):
    from ortools.linear_solver.python import model_builder

    model = model_builder.Model()
    if not model.import_from_mps_file(path):
        raise SystemExit(f"OR-Tools cannot read {path}")
    solver = model_builder.Solver("cp_sat")
    solver.set_time_limit_in_seconds(seconds)
    solver.set_solver_specific_parameters(f"num_workers:{threads}")
    status = solver.solve(model)
    found = status in (model_builder.SolveStatus.OPTIMAL, model_builder.SolveStatus.FEASIBLE)
    columns = model.get_variables()
    values = solver.values(columns) if found else []
    objective = solver.objective_value if found else None
    # Names are read here: they belong to the model, which ends with this function.
    return objective, solver.best_objective_bound, list(zip((c.name for c in columns), values))


def finite(bound):
    """None where the solver has no bound: None, an infinity, or pandas' NA."""
    try:
        return float(bound) if math.isfinite(bound) else None
    except TypeError:
        return None


def main(which, path, seconds, threads, answer):
    start = time.time()
    solve = {"highs": highs, "cp-sat": cp_sat}[which]
    objective, bound, point = solve(path, float(seconds), int(threads))
    with open(answer, "w") as out:
        for name, value in point:
            if abs(value) > 1e-9:
                out.write(f"{name} {value}\n")
    said = {"objective": objective, "bound": finite(bound), "seconds": time.time() - start}
    print(json.dumps(said))


if __name__ == "__main__":
    main(*sys.argv[1:])
