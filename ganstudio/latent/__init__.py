"""Latent space: sampling, truncation, interpolation and directions; pure functions on tensors.

The field's terms, as they are used everywhere in this program:

- *z*: the latent, the random vector `(z_dim,)` that a generator turns into a picture. Its *law* says how it is drawn:
  "normal" (each entry standard normal), "uniform" (each entry evenly in [-1, 1]) or "sphere" (a normal latent brought
  to a mean square of 1).
- *seed*: the number that a z is drawn by; the same seed gives the same z here and in the field's published scripts.
- *w*: the latent after a mapping network (StyleGAN); *w_plus*: one w for each layer of the generator.
- *truncation* (psi): moving a latent towards the mean latent, `mean + psi * (latent - mean)`. 1 changes nothing; less
  gives more typical and less varied pictures; 0 gives the average one.
- *direction*: a unit vector in latent space along which the picture's meaning changes ("smile"). Its *deviation* is
  the standard deviation of the latent's projection on it; slider strengths count in deviations, so that strength 1 is
  a change as big as chance makes it. Its *quality* is the R² of the linear relation on samples that were held out.
- *lerp*, *slerp*: straight and great-circle interpolation between two latents.
- *EMA*: the moving average of a generator's weights over the training, which draws better than the last weights do.
- *kimg*: thousands of real pictures shown to the discriminator, the field's measure of training length.
- *FID*: the Fréchet distance between features of real and of generated pictures; lower is better.

- *boundary*: the plane that parts latents of two kinds (with and without glasses); its normal is a direction.
  *Conditional*: with what it shares with other directions taken out.
- *style*: what a layer of StyleGAN makes of its w, one number for each of its channels; all layers' styles are *style
  space*.

`spaces` draws and truncates, `seed_pad` lays seeds out in a plane, `clouds` draws many and `clusters` finds their
centres, `activations` is what a layer makes of them, `interpolation` goes between; `pca`, `covariance`, `closed_form`,
`regression`, `boundaries` and `picks` are the mathematics of finding directions. To add another way of finding
directions: see `discovery`.
"""
