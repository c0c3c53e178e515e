-- The classifier of the two moons, specs/networks/two-moons.onnx, in Vehicle's language.

type Point = Tensor Real [1, 2]
type Scores = Tensor Real [1, 2]

@network
classifier : Point -> Scores

upper : Point -> Bool
upper x = classifier x ! 0 ! 0 > classifier x ! 0 ! 1

-- The set `above` of specs/two-moons.yaml: true.
@property
aboveIsTheUpperMoon : Bool
aboveIsTheUpperMoon = forall x .
  -0.8 <= x ! 0 ! 0 <= 0.8 and 0.8 <= x ! 0 ! 1 <= 1.5 => upper x

-- A box that reaches the lower moon: false.
@property
everywhereIsTheUpperMoon : Bool
everywhereIsTheUpperMoon = forall x .
  -0.8 <= x ! 0 ! 0 <= 0.8 and -1 <= x ! 0 ! 1 <= 1.5 => upper x
